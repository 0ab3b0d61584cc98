using System.Text.RegularExpressions;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;
using static FlowKit.Configuration.Schema.Declare;

namespace FlowKit.Configuration.Gateway.Queue;

/// <summary>The keys of <c>gateway.queue:</c>, as RabbitMQ names them.</summary>
internal static partial class QueueKeys
{
    public static readonly Key<string?> Uri = Text("uri");
    public static readonly Key<string> Name = new(
        "name", new PatternParser("a name of letters, digits and -_.:, at most 200", NamePattern()), "");
    public static readonly Key<IReadOnlyList<YamlScalar>> Endpoints = TextList("endpoints");
    public static readonly Key<int> Prefetch = Whole("prefetch", 1, 1000, QueueConfig.Defaults.Prefetch);
    public static readonly Key<int> Attempts = Whole("attempts", 1, 100, QueueConfig.Defaults.Attempts);
    public static readonly Key<int> MaxLength = Whole("max_length", 1, int.MaxValue, 0);

    public static readonly KeyTable Table = new([Uri, Name, Endpoints, Prefetch, Attempts, MaxLength]);

    [GeneratedRegex(@"\A[A-Za-z0-9_.:-]{1,200}\z")]
    private static partial Regex NamePattern();
}
