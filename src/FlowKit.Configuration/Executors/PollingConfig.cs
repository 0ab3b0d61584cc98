namespace FlowKit.Configuration.Executors;

/// <summary>The shards that a request goes to, by endpoint.</summary>
/// <param name="ByEndpoint">What the user wrote for single endpoints.</param>
/// <param name="Others">
/// What the user wrote for the rest (<c>*</c>, or one word for all); <see langword="null"/> for Jina's defaults.
/// </param>
public sealed record PollingConfig(IReadOnlyDictionary<string, PollingMode> ByEndpoint, PollingMode? Others)
{
    /// <summary>Jina's: <c>/search</c> asks all, everything else any.</summary>
    public static PollingConfig Default { get; } = new(new Dictionary<string, PollingMode>(), null);

    /// <summary>
    /// The mode of an endpoint. As in Jina a word for the rest changes neither <c>/search</c> nor <c>/index</c>; <c>hash</c>, which Jina
    /// has not, changes <c>/index</c>.
    /// </summary>
    /// <param name="endpoint">For example <c>/search</c>.</param>
    public PollingMode For(string endpoint)
    {
        if (ByEndpoint.TryGetValue(endpoint, out var mode))
        {
            return mode;
        }

        if (endpoint == "/search")
        {
            return PollingMode.All;
        }

        if (endpoint == "/index" && Others != PollingMode.Hash)
        {
            return PollingMode.Any;
        }

        return Others ?? PollingMode.Any;
    }
}
