using System.Globalization;
using System.Text.Json.Nodes;
using FlowKit.Cli.Output;
using Spectre.Console;

namespace FlowKit.Cli.Watching;

/// <summary>The state of a flow as a table: a row for each executor and shard.</summary>
internal static class StatusTable
{
    private static readonly string[] s_columns =
        ["executor", "ready", "busy", "waiting", "calls/s", "docs/s", "p50", "p99", "failed/s", "restarts", "state"];

    /// <summary>Makes a table for a terminal.</summary>
    public static Table Draw(JsonObject status)
    {
        var table = new Table().Border(TableBorder.Rounded).Title(Markup.Escape(Summary(status)));
        foreach (var column in s_columns)
        {
            table.AddColumn(column is "executor" or "state" ? new TableColumn(column) : new TableColumn(column).RightAligned());
        }

        foreach (var row in Rows(status))
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        return table;
    }

    /// <summary>Makes lines for a file: columns between blanks, no frame.</summary>
    public static IEnumerable<string> Lines(JsonObject status)
    {
        List<IReadOnlyList<string>> rows = [s_columns, .. Rows(status)];
        var widths = s_columns.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        return rows.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd())
            .Prepend(Summary(status));
    }

    /// <summary>Writes a duration in milliseconds as people read it.</summary>
    public static string Duration(JsonNode? milliseconds) => milliseconds is null
        ? "–"
        : (double)milliseconds switch
        {
            >= 1000 and var many => string.Create(CultureInfo.InvariantCulture, $"{many / 1000:0.0} s"),
            >= 10 and var some => string.Create(CultureInfo.InvariantCulture, $"{some:0} ms"),
            var few => string.Create(CultureInfo.InvariantCulture, $"{few:0.00} ms"),
        };

    private static string Summary(JsonObject status)
    {
        var (requests, memory) = (status["requests"]!, status["memory"]!);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Number(requests["rate"])} requests/s, p50 {Duration(requests["p50_ms"])}, p99 {Duration(requests["p99_ms"])}, "
                + $"{Number(requests["errors"])} failed/s, {status["in_flight"]} under way, "
                + $"{(long)memory["used"]! / (1 << 20)} of {(long)memory["limit"]! / (1 << 20)} MiB");
    }

    private static IEnumerable<IReadOnlyList<string>> Rows(JsonObject status) => status["executors"]!.AsArray().Select(pool =>
    {
        var name = (string)pool!["executor"]!;
        var calls = status["calls"]![name];
        var isSharded = status["executors"]!.AsArray().Count(other => (string?)other!["executor"] == name) > 1;
        return (IReadOnlyList<string>)
        [
            ShownText.Of(isSharded ? $"{name}/{pool["shard"]}" : name),
            $"{pool["ready"]}/{pool["replicas"]}",
            $"{pool["busy"]}",
            $"{pool["queue"]!["requests"]}",
            Number(calls?["rate"]),
            Number(calls?["documents"]),
            Duration(calls?["p50_ms"]),
            Duration(calls?["p99_ms"]),
            Number(calls?["errors"]),
            $"{pool["restarts"]}",
            ShownText.Of(StateOf(pool, status["faults"]!.AsArray())),
        ];
    });

    private static string StateOf(JsonNode pool, JsonArray faults) => pool switch
    {
        _ when (string?)pool["circuit"] == "open" => $"circuit open: {pool["last_error"]}",
        _ when faults.FirstOrDefault(fault => (string?)fault!["executor"] == (string?)pool["executor"]) is { } fault =>
            $"does not serve: {fault["reason"]}",
        _ when (bool)pool["paused"]! => "paused",
        _ when pool["autoscale"] is { } autoscale => Scaled(pool, autoscale),
        _ => "serves",
    };

    private static string Scaled(JsonNode pool, JsonNode autoscale) =>
        ((int)pool["replicas"]! == 0 ? "waits for a request" : "serves")
            + $", {autoscale["min"]} to {autoscale["max"]} replicas"
            + ((string?)autoscale["last_change"] is { } change && (long?)autoscale["changed_at"] is { } at
                ? $"; {DateTimeOffset.FromUnixTimeMilliseconds(at).ToLocalTime():HH:mm:ss} {change}"
                : "");

    private static string Number(JsonNode? number) => string.Create(CultureInfo.InvariantCulture, $"{(double?)number ?? 0:0.#}");
}
