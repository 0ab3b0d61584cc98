using FlowKit.Configuration.Gateway;

namespace FlowKit.Orchestration.Export.Plan;

/// <summary>The gateway of a flow, which has no state, so that there may be several.</summary>
/// <param name="Image">FlowKit's image.</param>
/// <param name="Ports">The ports that it listens on.</param>
/// <param name="TimeoutStop">The time that stopping waits for what was accepted.</param>
/// <param name="Secrets">The environment variables whose values the engine is to give, by the names of those values.</param>
internal sealed record GatewayUnit(
    string Image, IReadOnlyList<GatewayPort> Ports, TimeSpan TimeoutStop, IReadOnlyDictionary<string, string> Secrets)
{
    /// <summary>The name of the gateway's service, as in Jina.</summary>
    public const string Name = "gateway";

    /// <summary>The folder in which its flow lies.</summary>
    public const string Folder = "/flow";

    /// <summary>The name of its flow's file.</summary>
    public const string File = "flow.yml";

    /// <summary>The arguments of FlowKit's image.</summary>
    public static IReadOnlyList<string> Arguments { get; } =
        ["run", $"{Folder}/{File}", "--host", "0.0.0.0", "--workspace", ExecutorUnit.Workspace];
}
