namespace FlowKit.Configuration.Schema;

/// <summary>Lays the entries of one dictionary over another's.</summary>
internal static class Overlay
{
    public static IReadOnlyDictionary<string, T> Overlaid<T>(
        this IReadOnlyDictionary<string, T> below, IReadOnlyDictionary<string, T> above)
    {
        var merged = new Dictionary<string, T>(below, StringComparer.Ordinal);
        foreach (var (key, value) in above)
        {
            merged[key] = value;
        }

        return merged;
    }
}
