namespace FlowKit.Configuration;

/// <summary>Keys with values, in the order they are written.</summary>
internal sealed class YamlMapping(SourcePlace place, IReadOnlyList<YamlEntry> entries)
    : YamlNode(place, 1 + entries.Sum(entry => 1 + entry.Value.Size), 1 + entries.Select(entry => entry.Value.Height).DefaultIfEmpty().Max())
{
    public IReadOnlyList<YamlEntry> Entries { get; } = entries;

    public override string Shown => "a mapping";

    public YamlEntry? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key);

    /// <summary>The same mapping with one entry replaced, or added at its end.</summary>
    public YamlMapping With(YamlEntry entry) => Find(entry.Key) is { } old
        ? new YamlMapping(Place, [.. Entries.Select(each => ReferenceEquals(each, old) ? entry : each)])
        : new YamlMapping(Place, [.. Entries, entry]);
}
