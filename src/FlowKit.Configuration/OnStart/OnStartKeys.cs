using System.Text.RegularExpressions;
using static FlowKit.Configuration.Declare;

namespace FlowKit.Configuration;

/// <summary>The keys of an entry of <c>on_start:</c>.</summary>
internal static partial class OnStartKeys
{
    public static readonly Key<string> Post = new("post", new PatternKind("an endpoint such as /index", Endpoint()), "");
    public static readonly Key<IReadOnlyList<YamlScalar>> Inputs = TextList("inputs");
    public static readonly Key<int> RequestSize = Whole("request_size", 1, 10_000, 32);
    public static readonly Key<bool> OnlyOnce = Flag("only_once", absent: true);
    public static readonly Key<YamlMapping?> Parameters = Mapping("parameters");

    public static readonly KeyTable Table = new([Post, Inputs, RequestSize, OnlyOnce, Parameters]);

    [GeneratedRegex(@"\A/[^\s?#]*\z")]
    private static partial Regex Endpoint();
}
