using FlowKit.Configuration.Batching;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Schema.Unused;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Schema;

/// <summary>The words in which key tables are written.</summary>
internal static class Declare
{
    public const string Python = "Python files are not read: executors are .NET classes or C# files, which 'uses' names";

    public const string PythonFile = "it names a Python file, which cannot run here; name a C# file, a .NET class or a built-in executor";

    public const string JinaCloud = "it is for Jina's cloud; nothing is hosted there";

    public const string JinaOne = "it is a key of Jina 1, whose flows and executors are others; write the flow with Jina 3's keys "
        + "('jtype: Flow', 'executors:' with 'uses', 'uses_with', 'needs', 'replicas', 'shards')";

    public const string PythonSource = "it names Python files, which are not read: 'jtype' names the .NET executor that does the work";

    public static Key<string?> Text(string name, string? absent = null, params string[] aliases) =>
        new(name, new TextParser()!, absent, aliases);

    public static Key<bool> Flag(string name, bool absent = false, params string[] aliases) => new(name, new FlagParser(), absent, aliases);

    public static Key<int> Whole(string name, int min, int max, int absent, params string[] aliases) =>
        new(name, new WholeParser(min, max), absent, aliases);

    public static Key<TimeSpan> Duration(string name, TimeSpan absent) => new(name, new DurationParser(), absent);

    public static Key<YamlMapping?> Mapping(string name, params string[] aliases) => new(name, new MappingParser()!, null, aliases);

    public static Key<YamlNode?> Any(string name, params string[] aliases) => new(name, new AnyParser()!, null, aliases);

    public static Key<YamlNode?> Written(string name, params string[] aliases) =>
        new(name, new AnyParser(allowsNull: false)!, null, aliases);

    public static Key<IReadOnlyDictionary<string, string>> TextMap(string name) =>
        new(name, new TextMapParser(), new Dictionary<string, string>());

    public static Key<IReadOnlyList<YamlScalar>> TextList(string name, params string[] aliases) =>
        new(name, new TextListParser(), [], aliases);

    public static Key<string?> FilePath(string name) => new(name, new PathParser()!, null);

    public static Key<YamlScalar?> Uses(string name) => new(name, new UsesParser()!, null);

    public static Key<IReadOnlyDictionary<string, BatchingConfig>> BatchingMap(string name, params string[] aliases) =>
        new(name, new BatchingParser(), new Dictionary<string, BatchingConfig>(), aliases);

    /// <summary>Keys that are accepted and change nothing here, as in a local Jina.</summary>
    public static IEnumerable<Key> Ignored(params string[] names) => names.Select(name => Any(name));

    /// <summary>Keys that are accepted with a warning.</summary>
    public static IEnumerable<Key> Warned(string reason, params string[] names) => names.Select(name => new IgnoredKey(name, reason));

    /// <summary>A switch that is accepted with a warning where it is on.</summary>
    public static Key WarnedFlag(string name, string reason) => new IgnoredFlag(name, reason);

    public static IEnumerable<Key> Refused(string reason, params string[] names) => names.Select(name => new RefusedKey(name, reason));

    public static Key LaterFlag(string name, string feature, bool usual = false) =>
        new LaterKey<bool>(name, new FlagParser(), feature, value => value == usual, usual ? "true" : "false");

    public static Key LaterWhole(string name, string feature, int min, int max, int? usual) =>
        new LaterKey<int>(
            name,
            new WholeParser(min, max),
            feature,
            value => value == usual,
            usual?.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public static Key LaterDuration(string name, string feature, int usual) =>
        new LaterKey<TimeSpan>(
            name,
            new DurationParser(),
            feature,
            value => value.TotalMilliseconds == usual,
            usual.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public static Key LaterChoice(string name, string feature, params string[] choices) =>
        new LaterKey<string>(name, new ChoiceParser(choices), feature, value => value == choices[0], choices[0]);

    public static Key LaterText(string name, string feature, string? usual = null) =>
        new LaterKey<string>(name, new TextParser(), feature, value => value == usual, usual);

    public static IEnumerable<Key> Later(string feature, params string[] names) =>
        names.Select(name => new LaterKey<YamlNode>(name, new AnyParser(), feature, AnyParser.IsEmpty, null));
}
