using System.Collections.Frozen;
using FlowKit.Components;
using FlowKit.Configuration.Executors;
using FlowKit.Runtime.Channels;

namespace FlowKit.Runtime.Executors;

/// <summary>Describes what the executors of one pool answer, and how, worked out once.</summary>
internal sealed class PoolEndpoints
{
    private static readonly FrozenSet<string> s_writes = FrozenSet.Create(StringComparer.Ordinal, "/index", "/update", "/delete");

    private readonly EndpointTable _table;
    private readonly FrozenDictionary<string, PoolEndpoint> _known;
    private readonly PoolEndpoint? _others;

    public PoolEndpoints(EndpointTable table, ExecutorConfig config)
    {
        _table = table;
        _known = table.Endpoints.Concat(config.DynamicBatching.Keys).Concat(s_writes).Distinct(StringComparer.Ordinal)
            .Select(endpoint => (Endpoint: endpoint, Method: table.Find(endpoint)))
            .Where(known => known.Method is not null)
            .ToFrozenDictionary(known => known.Endpoint, known => Make(known.Method!, known.Endpoint, config), StringComparer.Ordinal);
        _others = table.Find(RequestsAttribute.Default) is { } method ? Make(method, RequestsAttribute.Default, config) : null;
        HaveBatches = _known.Values.Append(_others).Any(endpoint => endpoint?.Batching is not null);
    }

    /// <summary>Tells whether an endpoint writes by its name, whatever else is told of it.</summary>
    public static bool IsWriteByName(string endpoint) => s_writes.Contains(endpoint);

    /// <summary>Tells whether the documents of several requests are put together for one of them.</summary>
    public bool HaveBatches { get; }

    /// <summary>The endpoints that methods name.</summary>
    public IEnumerable<string> Names => _table.Endpoints;

    /// <summary>The way that an endpoint is answered, or <see langword="null"/> when it is passed by.</summary>
    public PoolEndpoint? Find(string endpoint) => _known.GetValueOrDefault(endpoint) ?? (endpoint == EndpointTable.DryRun ? null : _others);

    private static PoolEndpoint Make(EndpointMethod method, string endpoint, ExecutorConfig config) =>
        new(
            method,
            config.Batches ? BatchPolicy.Of(method, endpoint, config.DynamicBatching) : null,
            !method.Writes && !IsWriteByName(endpoint));
}
