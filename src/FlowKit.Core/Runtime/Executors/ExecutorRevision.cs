using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Components;
using FlowKit.Configuration.Executors;

namespace FlowKit.Runtime.Executors;

/// <summary>What a pool runs: an entry of the flow's file with the class it names.</summary>
internal sealed class ExecutorRevision(ExecutorConfig config, ExecutorDescriptor descriptor)
{
    public ExecutorConfig Config => config;

    public ExecutorDescriptor Descriptor => descriptor;

    public PoolEndpoints Endpoints { get; } = new(ExecutorActivator.BindEndpoints(descriptor, config), config);

    /// <summary>Whether another version runs the same code with the same settings, however many replicas it has.</summary>
    public bool RunsAs(ExecutorRevision other) =>
        string.Equals(Settings(), other.Settings(), StringComparison.Ordinal)
        && descriptor.IsSameCode(other.Descriptor);

    public ExecutorRevision With(int replicas) => new(config with { Replicas = replicas }, descriptor);

    private string Settings() => new JsonObject
    {
        ["uses"] = config.Uses,
        ["with"] = config.UsesWith.DeepClone(),
        ["requests"] = Map(config.UsesRequests, value => value),
        ["batching"] = Map(config.DynamicBatching, value => value.ToString()),
        ["env"] = Map(config.Env, value => value),
        ["workspace"] = config.Workspace,
        ["folder"] = config.BaseDirectory,
        ["device"] = config.Device,
        ["gpus"] = config.Gpus,
        ["fallback"] = config.Fallback,
        ["launch"] = JsonSerializer.SerializeToNode(config.Launch),
        ["shards"] = config.Shards,
        ["timeouts"] = $"{config.TimeoutReady} {config.TimeoutExecutor}",
        ["limits"] = $"{config.Capacity} {config.CapacityBytes} {config.Retries} {config.FailureThreshold}",
        ["exit"] = string.Join(',', config.ExitOnExceptions),
    }.ToJsonString();

    private static JsonObject Map<T>(IReadOnlyDictionary<string, T> map, Func<T, string> text) =>
        new(map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)text(pair.Value))));
}
