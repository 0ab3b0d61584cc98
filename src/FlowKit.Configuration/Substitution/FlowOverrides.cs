using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Flow;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Substitution;

/// <summary>
/// Sets values over the file's (<c>--set executors.encoder.replicas=2</c>) before anything is checked, so that they are checked alike.
/// </summary>
/// <param name="diagnostics">Collects mistakes.</param>
/// <param name="origin">The option that sets them, for messages.</param>
internal sealed class FlowOverrides(ConfigDiagnostics diagnostics, string origin)
{
    private readonly SourcePlace _place = new(origin, 0, 0);

    public YamlMapping Apply(YamlMapping root, IReadOnlyDictionary<string, string> overrides) =>
        overrides.Aggregate(root, (mapping, pair) => Apply(mapping, pair.Key, pair.Value));

    private YamlMapping Apply(YamlMapping root, string path, string value)
    {
        var keys = path.Split('.');
        if (keys.Any(key => key.Trim().Length == 0) || keys.Length > YamlLimits.Depth / 2)
        {
            diagnostics.Add(_place, YamlScalar.Shorten(path), "expected a path such as executors.encoder.replicas");
            return root;
        }

        keys[0] = FlowKeys.Table.Find(keys[0]) is { } first
            ? first.Names.FirstOrDefault(name => root.Find(name) is not null) ?? keys[0]
            : keys[0];
        return ReadValue(value, path) is { } node ? (YamlMapping)Set(root, new Steps(path, keys, 0), node) : root;
    }

    private YamlNode Set(YamlNode node, Steps steps, YamlNode value) => (node, steps.IsDone) switch
    {
        (_, true) => value,
        (YamlMapping mapping, _) => mapping.With(Below(mapping.Find(steps.Key), steps, value)),
        (YamlSequence list, _) => SetItem(list, steps, value),
        (YamlScalar { IsNull: true }, _) => new YamlMapping(_place, [Below(null, steps, value)]),
        _ => Refuse(node, steps, $"'{steps.Before}' is {node.Shown}, which has nothing below it"),
    };

    private YamlEntry Below(YamlEntry? old, Steps steps, YamlNode value) =>
        new(steps.Key, old?.KeyPlace ?? _place, Set(old?.Value ?? new YamlScalar(_place, "", ScalarForm.Plain), steps.Next, value));

    private YamlNode SetItem(YamlSequence list, Steps steps, YamlNode value)
    {
        var names = list.Items.Select((item, index) => NameOf(item) ?? ExecutorNames.Default(index)).ToList();
        var found = names.IndexOf(steps.Key);
        if (found < 0 && !(int.TryParse(steps.Key, out found) && found >= 0 && found < list.Items.Count))
        {
            return Refuse(list, steps, $"'{steps.Before}' has no '{YamlScalar.Shorten(steps.Key)}'{NearestName.Hint(steps.Key, names)}");
        }

        return new YamlSequence(list.Place, [.. list.Items.Select((item, index) => index == found ? Set(item, steps.Next, value) : item)]);
    }

    private YamlNode Refuse(YamlNode node, Steps steps, string message)
    {
        diagnostics.Add(_place, YamlScalar.Shorten(steps.Path), message);
        return node;
    }

    private static string? NameOf(YamlNode item) =>
        (item as YamlMapping)?.Find("name")?.Value is YamlScalar { IsNull: false } name ? name.Value : null;

    /// <summary>A value is a plain scalar unless it starts like a list, a mapping or a quoted text.</summary>
    private YamlNode? ReadValue(string value, string path)
    {
        if (value is not (['[' or '{' or '"' or '\'', ..]))
        {
            return new YamlScalar(_place, value, ScalarForm.Given);
        }

        try
        {
            return Replace(YamlReader.Read(YamlSource.Check(value, origin), origin, diagnostics));
        }
        catch (FlowConfigException exception)
        {
            diagnostics.Add(_place, YamlScalar.Shorten(path), exception.Errors[0].Message);
            return null;
        }
    }

    /// <summary>Places inside a value mean nothing to the one who typed it.</summary>
    private YamlNode Replace(YamlNode node) => node switch
    {
        YamlMapping mapping =>
            new YamlMapping(_place, [.. mapping.Entries.Select(entry => new YamlEntry(entry.Key, _place, Replace(entry.Value)))]),
        YamlSequence list => new YamlSequence(_place, [.. list.Items.Select(Replace)]),
        YamlScalar scalar => new YamlScalar(_place, scalar.Value, scalar.Form),
        _ => node,
    };

    /// <summary>A path and how far down it we are.</summary>
    private readonly record struct Steps(string Path, string[] Keys, int At)
    {
        public string Key => Keys[At];

        public bool IsDone => At == Keys.Length;

        public Steps Next => this with { At = At + 1 };

        public string Before => YamlScalar.Shorten(string.Join('.', Keys.Take(At)));
    }
}
