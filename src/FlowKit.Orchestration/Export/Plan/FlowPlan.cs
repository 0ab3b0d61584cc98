using System.Text.Json.Nodes;
using FlowKit.Configuration.Executors;

namespace FlowKit.Orchestration.Export.Plan;

/// <summary>A flow as an engine is to run it: a gateway, and executors of their own.</summary>
/// <param name="Name">The flow's name, as names of services are written.</param>
/// <param name="Gateway">The gateway.</param>
/// <param name="Executors">The executors that run by themselves; the others stay in the gateway.</param>
/// <param name="Notes">What differs from a run of the flow on one machine.</param>
internal sealed record FlowPlan(string Name, GatewayUnit Gateway, IReadOnlyList<ExecutorUnit> Executors, IReadOnlyList<string> Notes)
{
    /// <summary>Writes the gateway's flow, given the address of each entry; <see langword="null"/> where it stays in the gateway.</summary>
    public required Func<Func<ExecutorConfig, string?>, JsonObject> FlowOf { get; init; }

    /// <summary>The names of all values that the engine must be given.</summary>
    public IReadOnlyList<string> Secrets =>
    [
        .. Executors.SelectMany(unit => unit.Secrets.Values).Concat(Gateway.Secrets.Values)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>Finds the unit of an entry; <see langword="null"/> where it stays in the gateway.</summary>
    public ExecutorUnit? Find(ExecutorConfig executor) => Executors.FirstOrDefault(unit => unit.Entry == executor.Name);
}
