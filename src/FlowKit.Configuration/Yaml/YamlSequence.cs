using FlowKit.Configuration.Diagnostics;

namespace FlowKit.Configuration.Yaml;

/// <summary>A list.</summary>
internal sealed class YamlSequence(SourcePlace place, IReadOnlyList<YamlNode> items)
    : YamlNode(place, 1 + items.Sum(item => item.Size), 1 + items.Select(item => item.Height).DefaultIfEmpty().Max())
{
    public IReadOnlyList<YamlNode> Items { get; } = items;

    public override string Shown => "a list";
}
