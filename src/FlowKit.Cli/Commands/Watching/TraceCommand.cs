using System.CommandLine;
using System.Text.Json.Nodes;
using FlowKit.Cli.Watching;

namespace FlowKit.Cli.Commands.Watching;

/// <summary><c>flowkit trace URL [ID]</c>: the slow and the failed requests of a running flow, or one of them hop by hop.</summary>
internal static class TraceCommand
{
    private const string Description = """
        Lists the requests of late that were slowest and those that failed, or shows one of them, hop by hop.

        Examples:
          flowkit trace http://localhost:8080
          flowkit trace http://localhost:8080 4711
        """;

    public static Command Create()
    {
        var url = new UrlArgument();
        var id = new Argument<string?>("ID") { Description = "Its number, or the id of its trace.", Arity = ArgumentArity.ZeroOrOne };
        var apiKey = new ApiKeyOption();
        var command = new Command("trace", Description) { url, id, apiKey };
        command.SetAction((result, cancellationToken) =>
            ShowAsync(result.GetRequiredValue(url), apiKey.Read(result), result.GetValue(id), cancellationToken));
        return command;
    }

    private static async Task<int> ShowAsync(string url, string? key, string? id, CancellationToken cancellationToken)
    {
        using var client = new StatusClient(url, key);
        var found = await client.ReadAsync("status/requests", cancellationToken);
        foreach (var line in id is null ? ListOf(found) : TraceView.Lines(Find(found, id)))
        {
            await Console.Out.WriteLineAsync(line.AsMemory(), cancellationToken);
        }

        return 0;
    }

    private static IEnumerable<string> ListOf(JsonObject found) =>
    [
        "Failed, the last first:",
        .. found["failed"]!.AsArray().Select(request => TraceView.Line(request!)).DefaultIfEmpty("  none"),
        "Slowest:",
        .. found["slowest"]!.AsArray().Select(request => TraceView.Line(request!)).DefaultIfEmpty("  none"),
    ];

    private static JsonNode Find(JsonObject found, string id) =>
        found["failed"]!.AsArray().Concat(found["slowest"]!.AsArray())
            .FirstOrDefault(request => request!["id"]!.ToString() == id || (string?)request["trace"] == id)
        ?? throw new FlowKitException(
            FlowErrorCode.NotFound, $"No request '{id}' is kept: only those that failed, and the slowest, for some minutes.");
}
