using FlowKit.Configuration.Diagnostics;

namespace FlowKit.Configuration.Yaml;

/// <summary>
/// Gathers the entries of one mapping: the first of a duplicate key counts, and merged keys (<c>&lt;&lt;: *defaults</c>) give way to its
/// own.
/// </summary>
internal sealed class MappingEntries(ConfigDiagnostics diagnostics)
{
    public const string MergeKey = "<<";

    private readonly Dictionary<string, YamlEntry> _own = new(StringComparer.Ordinal);
    private readonly List<YamlEntry> _order = [];
    private readonly List<YamlEntry> _merged = [];

    public void Add(YamlEntry entry)
    {
        if (_own.TryAdd(entry.Key, entry))
        {
            _order.Add(entry);
            return;
        }

        diagnostics.Add(
            entry.KeyPlace, YamlScalar.Shorten(entry.Key), $"duplicate key, first written on line {_own[entry.Key].KeyPlace.Line}");
    }

    public void Merge(YamlNode value, SourcePlace place)
    {
        var sources = value is YamlSequence list ? list.Items : [value];
        foreach (var source in sources)
        {
            if (source is YamlMapping mapping)
            {
                _merged.AddRange(mapping.Entries);
            }
            else
            {
                diagnostics.Add(place, MergeKey, $"expected a mapping to merge, not {source.Shown}");
            }
        }
    }

    public List<YamlEntry> ToList() => [.. _order, .. _merged.Where(entry => _own.TryAdd(entry.Key, entry))];
}
