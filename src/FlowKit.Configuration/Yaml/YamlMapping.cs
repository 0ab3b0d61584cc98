using FlowKit.Configuration.Diagnostics;

namespace FlowKit.Configuration.Yaml;

/// <summary>Keys with values, in the order they are written.</summary>
internal sealed class YamlMapping(SourcePlace place, IReadOnlyList<YamlEntry> entries)
    : YamlNode(
        place, 1 + entries.Sum(entry => 1 + entry.Value.Size), 1 + entries.Select(entry => entry.Value.Height).DefaultIfEmpty().Max())
{
    public IReadOnlyList<YamlEntry> Entries { get; } = entries;

    public override string Shown => "a mapping";

    public YamlEntry? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key);

    /// <summary>The same mapping without some keys.</summary>
    public YamlMapping Without(params string[] keys) => new(Place, [.. Entries.Where(entry => !keys.Contains(entry.Key))]);

    /// <summary>
    /// The same mapping with the entries of another over its own: in their place where it has them, and otherwise at its end.
    /// </summary>
    public YamlMapping Overlaid(YamlMapping above)
    {
        var rest = above.Entries.ToDictionary(entry => entry.Key, StringComparer.Ordinal);
        var own = Entries.Select(entry => rest.Remove(entry.Key, out var over) ? over : entry).ToList();
        return new YamlMapping(Place, [.. own, .. above.Entries.Where(entry => rest.ContainsKey(entry.Key))]);
    }

    /// <summary>The same mapping with one entry replaced, or added at its end.</summary>
    public YamlMapping With(YamlEntry entry) => Find(entry.Key) is { } old
        ? new YamlMapping(Place, [.. Entries.Select(each => ReferenceEquals(each, old) ? entry : each)])
        : new YamlMapping(Place, [.. Entries, entry]);
}
