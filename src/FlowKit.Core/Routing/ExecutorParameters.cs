using System.Text.Json.Nodes;

namespace FlowKit.Routing;

/// <summary>
/// Describes what one executor sees of a request's parameters, as in Jina: <c>encoder__size</c> is <c>size</c> for the executor
/// <c>encoder</c>
/// and nothing for others; an object under an executor's own name is merged over the rest.
/// </summary>
public static class ExecutorParameters
{
    /// <summary>Stands between an executor's name and that of its own parameter, and before names that Jina keeps for itself.</summary>
    internal const string Separator = "__";

    /// <summary>The parameters for an executor; the same object when nothing in it is meant for one executor alone.</summary>
    /// <param name="executor">The executor's name.</param>
    /// <param name="parameters">The request's parameters, which are not changed.</param>
    public static Parameters For(string executor, Parameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.IsEmpty)
        {
            return parameters;
        }

        var values = parameters.Values;

        var own = values.TryGetPropertyValue(executor, out var node) ? node as JsonObject : null;
        if (own is null && !values.Any(pair => IsSpecific(pair.Key)))
        {
            return parameters;
        }

        var seen = new JsonObject();
        foreach (var (key, value) in values.OrderBy(pair => IsSpecific(pair.Key)))
        {
            if (NameFor(executor, key) is { } name)
            {
                seen[name] = value?.DeepClone();
            }
        }

        foreach (var (key, value) in own ?? [])
        {
            seen[key] = value?.DeepClone();
        }

        return new Parameters(seen);
    }

    private static bool IsSpecific(string key) => NameLength(key) > 0;

    /// <summary>The length of the executor's name before a parameter of its own; 0 or less for a parameter of all.</summary>
    internal static int NameLength(string key) => key.IndexOf(Separator, StringComparison.Ordinal);

    /// <summary>The name a key has for an executor, or <see langword="null"/> when it is another's.</summary>
    private static string? NameFor(string executor, string key)
    {
        var at = NameLength(key);
        if (at <= 0)
        {
            return key;
        }

        if (key.AsSpan(0, at).SequenceEqual(executor))
        {
            return key[(at + Separator.Length)..];
        }

        return null;
    }
}
