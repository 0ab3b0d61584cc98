using System.Text.RegularExpressions;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;
using static FlowKit.Configuration.Schema.Declare;

namespace FlowKit.Configuration.Gateway;

/// <summary>The keys of an entry of <c>expose_endpoints:</c>, as Jina and its web framework name them.</summary>
internal static partial class ExposedEndpointKeys
{
    public static readonly Key<string> Path = new(
        "http_path", new PatternParser("a path such as /index, without ?, #, braces and blanks", HttpPath()), "", "path");
    public static readonly Key<IReadOnlyList<YamlScalar>> Methods = TextList("methods");
    public static readonly Key<string?> Summary = Text("summary");
    public static readonly Key<string?> Description = Text("description");
    public static readonly Key<IReadOnlyList<YamlScalar>> Tags = TextList("tags");

    public static readonly KeyTable Table = new([Path, Methods, Summary, Description, Tags]);

    [GeneratedRegex(@"\A(/|(/[^\s/?#{}*\\%]+)+)\z")]
    public static partial Regex HttpPath();

    [GeneratedRegex(@"\A[A-Za-z]{1,20}\z")]
    public static partial Regex Method();
}
