namespace FlowKit.Components;

/// <summary>The parts of a request that came from several executors.</summary>
/// <param name="Names">Where each comes from.</param>
/// <param name="Parts">The documents of each.</param>
public sealed record PartMatrix(IReadOnlyList<string> Names, IReadOnlyList<DocumentArray> Parts)
{
    /// <summary>The parts by where they come from.</summary>
    public IReadOnlyDictionary<string, DocumentArray> ByName()
    {
        var map = new Dictionary<string, DocumentArray>(Names.Count, StringComparer.Ordinal);
        for (var i = 0; i < Names.Count; i++)
        {
            map[Names[i]] = Parts[i];
        }

        return map;
    }
}
