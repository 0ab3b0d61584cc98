using System.Text;
using FlowKit.Tests;
using RabbitMQ.Client;

namespace FlowKit.Serving.Gateway.Queue;

/// <summary>A RabbitMQ for these tests, started once for all of them.</summary>
internal static class RabbitServer
{
    private static readonly ServerScript? s_script = ServerScript.Find("rabbitmq.sh");

    private static readonly Lazy<(string? Folder, string? Address, string? Missing)> s_started = new(
        () => s_script?.Start("flowkit-rabbit") ?? (null, null, "Only Linux with the sources starts a RabbitMQ for tests."));

    public static string Uri => s_started.Value.Address!;

    /// <summary>Why there is none here; null when there is.</summary>
    public static string? WhyMissing => s_started.Value.Missing;

    /// <summary>A name that no other test has.</summary>
    public static string NewName() => $"test-{Guid.NewGuid().ToString("N")[..12]}";

    /// <summary>Ends it as a crash would.</summary>
    public static void Kill() => s_script!.Run("kill", s_started.Value.Folder!);

    /// <summary>Starts it again over what it has kept.</summary>
    public static void StartAgain() => Assert.Equal(0, s_script!.Run("start", s_started.Value.Folder!).Code);

    /// <summary>Takes all that is in a queue.</summary>
    public static async Task<IReadOnlyList<BasicGetResult>> TakeAllAsync(string queue)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(Uri) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        var taken = new List<BasicGetResult>();
        while (await channel.BasicGetAsync(queue, autoAck: true) is { } message)
        {
            taken.Add(message);
        }

        return taken;
    }

    /// <summary>Reads a header of a message.</summary>
    public static string? Header(BasicGetResult message, string name) =>
        message.BasicProperties.Headers?[name] is byte[] bytes ? Encoding.UTF8.GetString(bytes) : null;
}
