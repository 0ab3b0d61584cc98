using System.Collections.Frozen;

namespace FlowKit.Components;

/// <summary>The methods that answer endpoints, fixed at start-up.</summary>
public sealed class EndpointTable
{
    /// <summary>Jina's readiness probe: every executor lets it pass.</summary>
    public const string DryRun = "_jina_dry_run_";

    private readonly FrozenDictionary<string, EndpointMethod> _methods;
    private readonly EndpointMethod? _default;

    // Who answers by this table needs the code that it belongs to, however long that is no longer the newest.
    private readonly ExecutorDescriptor? _executor;

    /// <summary>Makes a table.</summary>
    /// <param name="methods">Methods by endpoint; <see cref="RequestsAttribute.Default"/> answers the rest.</param>
    /// <param name="executor">Whose methods they are; it stays as long as the table.</param>
    public EndpointTable(IReadOnlyDictionary<string, EndpointMethod> methods, ExecutorDescriptor? executor = null)
    {
        _executor = executor;
        _methods = methods.ToFrozenDictionary(StringComparer.Ordinal);
        _default = _methods.GetValueOrDefault(RequestsAttribute.Default);
    }

    /// <summary>The endpoints, the default among them when there is one.</summary>
    public IEnumerable<string> Endpoints => _methods.Keys;

    /// <summary>The methods.</summary>
    internal IEnumerable<EndpointMethod> Methods => _methods.Values;

    /// <summary>Tells whether every endpoint is answered.</summary>
    public bool HasDefault => _default is not null;

    /// <summary>The same endpoints where the executor runs elsewhere.</summary>
    internal EndpointTable Forwarded() =>
        new(_methods.ToDictionary(pair => pair.Key, pair => pair.Value.Forwarded(), StringComparer.Ordinal));

    /// <summary>The method for an endpoint, or <see langword="null"/> when the executor lets it pass.</summary>
    /// <param name="endpoint">For example <c>/search</c>.</param>
    public EndpointMethod? Find(string endpoint) => _methods.GetValueOrDefault(endpoint) ?? (endpoint == DryRun ? null : _default);
}
