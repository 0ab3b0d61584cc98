using System.Text.RegularExpressions;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;
using static FlowKit.Configuration.Schema.Declare;

namespace FlowKit.Configuration.OnStart;

/// <summary>The keys of an entry of <c>on_start:</c>.</summary>
internal static partial class OnStartKeys
{
    public static readonly Key<string> Post = new("post", new PatternParser("an endpoint such as /index", Endpoint()), "");
    public static readonly Key<IReadOnlyList<YamlScalar>> Inputs = TextList("inputs");
    public static readonly Key<int> RequestSize = Whole("request_size", 1, 10_000, OnStartConfig.Defaults.RequestSize);
    public static readonly Key<bool> OnlyOnce = Flag("only_once", OnStartConfig.Defaults.OnlyOnce);
    public static readonly Key<YamlMapping?> Parameters = Mapping("parameters");

    public static readonly KeyTable Table = new([Post, Inputs, RequestSize, OnlyOnce, Parameters]);

    [GeneratedRegex(@"\A/[^\s?#]*\z")]
    private static partial Regex Endpoint();
}
