using System.Globalization;
using System.Text.Json.Nodes;
using FlowKit.Cli.Output;

namespace FlowKit.Cli.Watching;

/// <summary>A request of late as a waterfall of its hops.</summary>
internal static class TraceView
{
    private const int Width = 48;

    /// <summary>Writes a line for each request.</summary>
    public static string Line(JsonNode request)
    {
        var error = request["error"] is { } failed ? $"  {failed["code"]} in {failed["executor"] ?? "gateway"}" : "";
        var start = DateTimeOffset.FromUnixTimeMilliseconds((long)request["start"]!).ToLocalTime();
        return ShownText.Of(string.Create(
            CultureInfo.InvariantCulture,
            $"{request["id"],8}  {start:HH:mm:ss}  {StatusTable.Duration(request["ms"]),9}  {request["documents"],5} docs  "
                + $"{request["endpoint"]}{error}"));
    }

    /// <summary>Writes one request with its hops.</summary>
    public static IEnumerable<string> Lines(JsonNode request)
    {
        yield return Line(request);
        if ((string?)request["error"]?["message"] is { } message)
        {
            yield return ShownText.Of($"  {message}");
        }

        var hops = request["hops"]!.AsArray();
        var names = hops.Select(hop => (string)hop!["executor"]!).Append("gateway").Max(name => name.Length);
        var whole = (double)request["ms"]!;
        yield return $"  {"gateway".PadRight(names)}  {new string('█', Width)}  {StatusTable.Duration(request["ms"])}";
        foreach (var hop in hops)
        {
            yield return ShownText.Of($"  {((string)hop!["executor"]!).PadRight(names)}  {Bar(hop, whole)}  {Said(hop)}");
        }
    }

    private static string Bar(JsonNode hop, double whole)
    {
        var from = (double)hop["from_ms"]!;
        var until = (double?)hop["to_ms"] ?? from;
        var start = Math.Clamp((int)(from / Math.Max(whole, 1e-6) * Width), 0, Width - 1);
        var length = Math.Clamp((int)Math.Round((until - from) / Math.Max(whole, 1e-6) * Width), 1, Width - start);
        return $"{new string(' ', start)}{new string('█', length)}{new string(' ', Width - start - length)}";
    }

    private static string Said(JsonNode hop)
    {
        var took = hop["to_ms"] is { } end ? StatusTable.Duration(JsonValue.Create((double)end - (double)hop["from_ms"]!)) : "passed by";
        var batch = (int)hop["batch"]! is > 0 and var documents ? $", in a batch of {documents}" : "";
        return $"{took}{batch}{(hop["error"] is { } error ? $", {error["code"]}" : "")}";
    }
}
