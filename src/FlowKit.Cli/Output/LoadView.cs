using System.Globalization;
using System.Text.Json.Nodes;
using FlowKit.Cli.Load;

namespace FlowKit.Cli.Output;

/// <summary>Prints what a load did, for people or for programs.</summary>
internal static class LoadView
{
    private static readonly (string Name, double Share)[] s_shares = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("max", 1)];

    public static void Write(LoadResult result, bool asJson, TextWriter output) =>
        output.WriteLine(asJson ? ToJson(result).ToJsonString() : ShownText.Of(ToText(result)));

    private static string ToText(LoadResult result)
    {
        var times = string.Join(
            "  ",
            s_shares.Select(
                share => string.Create(CultureInfo.InvariantCulture, $"{share.Name} {result.Percentile(share.Share):0.00} ms")));
        var (answered, seconds) = (result.Milliseconds.Count, result.Elapsed.TotalSeconds);
        var text = string.Create(CultureInfo.InvariantCulture, $"""
            requests   {result.RequestsPerSecond:#,0}/s  ({answered:#,0} answered, {result.Failures:#,0} failed in {seconds:0.0} s)
            documents  {result.DocumentsPerSecond:#,0}/s
            latency    {(result.Milliseconds.Count == 0 ? "none" : times)}
            """);
        return result.FirstFailure is { } failure ? $"{text}\nfirst failure: {failure}" : text;
    }

    private static JsonObject ToJson(LoadResult result)
    {
        var latency = new JsonObject(
            s_shares.Select(
                share => KeyValuePair.Create(
                    share.Name, result.Milliseconds.Count == 0 ? null : (JsonNode?)Math.Round(result.Percentile(share.Share), 3))));
        return new JsonObject
        {
            ["requests"] = result.Milliseconds.Count,
            ["failures"] = result.Failures,
            ["seconds"] = Math.Round(result.Elapsed.TotalSeconds, 3),
            ["requests_per_second"] = Math.Round(result.RequestsPerSecond, 1),
            ["documents_per_second"] = Math.Round(result.DocumentsPerSecond, 1),
            ["latency_ms"] = latency,
            ["first_failure"] = result.FirstFailure,
        };
    }
}
