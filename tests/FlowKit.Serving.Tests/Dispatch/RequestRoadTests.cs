using System.Diagnostics;
using FlowKit.Serving.Gateway;
using FlowKit.Serving.Gateway.HalfClose;
using FlowKit.Serving.Gateway.Http;
using FlowKit.Serving.Gateway.SharedPorts;
using FlowKit.TestKit;
using Xunit.Abstractions;

namespace FlowKit.Serving.Dispatch;

/// <summary>The road of a request is short enough to be told, and docs/architecture.md tells it.</summary>
public sealed class RequestRoadTests(ITestOutputHelper output)
{
    private const int MaxSteps = 9;

    /// <summary>
    /// What lies around a request and decides nothing about it. The limit of connections is asked once a connection, and is on the stack only
    /// where the first request had arrived before the connection was read.
    /// </summary>
    private static readonly HashSet<Type> s_around = [typeof(HttpErrors), typeof(HalfClosedConnection), typeof(ConnectionLimit), typeof(PortSharing)];

    [Fact]
    public async Task From_the_socket_to_the_executor_stand_the_steps_that_the_page_tells()
    {
        List<string> steps = [];
        var script = new FlowScript().Edit("a", _ => steps = StepsOf(new StackTrace()));
        await using var gateway = await TestGateway.StartAsync(FlowText.Chain("a"), new TestFlowOptions { Script = script, ShortCall = TimeSpan.MaxValue });

        using var reply = await gateway.PostAsync("""{"data": [{"text": "x"}], "execEndpoint": "/run"}""");

        steps.ForEach(output.WriteLine);
        var told = ToldSteps();
        Assert.InRange(told.Count, 4, MaxSteps);
        // The compiler may have inlined a step that only passes on; every other stands where the page says.
        Assert.Equal(told.Where(steps.Contains), steps);
        Assert.InRange(steps.Count, MaxSteps / 2, MaxSteps);
    }

    /// <summary>Reads the first column of the page's table.</summary>
    private static List<string> ToldSteps()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FlowKit.sln")))
        {
            folder = folder.Parent!;
        }

        var page = File.ReadAllText(Path.Combine(folder.FullName, "docs", "architecture.md"));
        var road = page[page.IndexOf("## The road of a request", StringComparison.Ordinal)..];
        return [.. road.Split('\n').TakeWhile(line => !line.StartsWith("The way back", StringComparison.Ordinal)).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1])];
    }

    /// <summary>
    /// The classes of FlowKit on a stack, from the outside in, each once; what only calls a delegate decides nothing, and what decides about
    /// a connection has done so before its requests.
    /// </summary>
    private static List<string> StepsOf(StackTrace stack) =>
    [
        .. stack.GetFrames()
            .Select(frame => frame.GetMethod()?.DeclaringType)
            .Select(type => type is { IsNested: true } ? OuterOf(type) : type)
            .OfType<Type>()
            .Where(type => type.Namespace?.StartsWith("FlowKit", StringComparison.Ordinal) == true && !type.Namespace.StartsWith("FlowKit.TestKit", StringComparison.Ordinal) && !s_around.Contains(type) && type.Assembly != typeof(RequestRoadTests).Assembly)
            .Select(type => type.Name)
            .Distinct()
            .Reverse(),
    ];

    private static Type OuterOf(Type type) => type.DeclaringType is { } outer ? OuterOf(outer) : type;
}
