using FlowKit.Configuration.Diagnostics;

namespace FlowKit.Configuration.Yaml;

/// <summary>A piece of a YAML document that knows its place. Nodes never change, so aliases may share them.</summary>
/// <param name="place">Where it starts.</param>
/// <param name="size">The nodes in it, itself included, aliases expanded.</param>
/// <param name="height">The levels of mappings and sequences in it; 0 for a scalar.</param>
internal abstract class YamlNode(SourcePlace place, int size, int height)
{
    public SourcePlace Place { get; } = place;

    public int Size { get; } = size;

    public int Height { get; } = height;

    /// <summary>Tells whether nothing is written: <c>key:</c>, <c>~</c> or <c>null</c>.</summary>
    public virtual bool IsNull => false;

    /// <summary>Tells what stands there, for an error message; never the value of a variable.</summary>
    public abstract string Shown { get; }

    /// <summary>The same node, in which the values of variables and of a command line are texts, whatever they look like.</summary>
    public YamlNode WithTexts() => this switch
    {
        YamlScalar { KeepsText: true } scalar => scalar.AsText(),
        YamlSequence list => new YamlSequence(list.Place, [.. list.Items.Select(item => item.WithTexts())]),
        YamlMapping mapping => new YamlMapping(
            mapping.Place, [.. mapping.Entries.Select(entry => entry with { Value = entry.Value.WithTexts() })]),
        _ => this,
    };

    /// <summary>Tells whether a scalar of a form stands anywhere in it.</summary>
    public bool Holds(ScalarForm form) => this switch
    {
        YamlScalar scalar => scalar.Form == form,
        YamlSequence list => list.Items.Any(item => item.Holds(form)),
        YamlMapping mapping => mapping.Entries.Any(entry => entry.Value.Holds(form)),
        _ => false,
    };
}
