using FlowKit.Telemetry;
using Microsoft.Extensions.Logging;

namespace FlowKit.Orchestration.Launching.Containers;

/// <summary>
/// Takes away the containers of flows that were killed. They are known by their labels alone: who started them, on which machine, in which
/// boot and PID namespace. A flow of which nothing can be known from here is taken for alive.
/// </summary>
internal static partial class Sweep
{
    /// <summary>The label for the process that started a container.</summary>
    public const string OwnerLabel = "flowkit.owner";

    /// <summary>On which machine: another one's processes cannot be looked at.</summary>
    public const string MachineLabel = "flowkit.machine";

    /// <summary>The flow it belongs to.</summary>
    public const string FlowLabel = "flowkit.flow";

    public static async Task RunAsync(Engine engine, ILogger logger, CancellationToken cancellationToken)
    {
        var format = $"{{{{.ID}}}} {{{{.Label \"{OwnerLabel}\"}}}} {{{{.Label \"{MachineLabel}\"}}}} {{{{.Names}}}}";
        var found = await engine.RunAsync(["ps", "--all", "--filter", $"label={OwnerLabel}", "--format", format], cancellationToken);
        foreach (var line in found.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Abandoned(line) is var (id, name))
            {
                await engine.RunAsync(["rm", "--force", "--volumes", id], cancellationToken);
                Log.TakenAway(logger, name);
            }
        }
    }

    /// <summary>Reads a line of the engine's list.</summary>
    /// <returns>The container's id and name when its flow is known to be dead.</returns>
    internal static (string Id, string Name)? Abandoned(string line) =>
        line.Split(' ') is [var id, var owner, var machine, var name]
            && machine == Environment.MachineName
            && ProcessMark.TryParse(owner) is { IsAlive: false }
            ? (id, name)
            : null;

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.AbandonedContainerRemoved,
            LogLevel.Warning,
            "The container {Name} was left by a flow that was killed, and is taken away")]
        public static partial void TakenAway(ILogger logger, string name);
    }
}
