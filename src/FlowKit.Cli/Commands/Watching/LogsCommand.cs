using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FlowKit.Cli.Watching;
using Microsoft.Extensions.Logging;

namespace FlowKit.Cli.Commands.Watching;

/// <summary><c>flowkit logs [URL]</c>: the log of a running flow.</summary>
internal static class LogsCommand
{
    private const string Description = """
        Shows the last lines of a running flow's log, and with --follow those to come. Lines of JSON where the output is no terminal. On
        the flow's own machine, as its user, it needs no key; elsewhere it needs one with the scope admin.

        Examples:
          flowkit logs --follow
          flowkit logs http://localhost:9000 --since 10m --level warning
          flowkit logs --executor encoder --follow | jq .message
        """;

    public static Command Create()
    {
        var url = new UrlArgument();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until the flow ends, or Ctrl-C." };
        var since = new Option<TimeSpan?>("--since")
        {
            Description = "Only lines of the last seconds, minutes or hours: 30s, 10m, 2h.",
            CustomParser = ReadSince,
        };
        var level = new Option<LogLevel?>("--level")
        {
            Description = "Only lines of this level or above: trace, debug, information, warning, error or critical.",
        };
        var executor = new Option<string?>("--executor") { Description = "Only lines about this executor." };
        var apiKey = new ApiKeyOption();
        var command = new Command("logs", Description) { url, follow, since, level, executor, apiKey };
        command.SetAction(async (result, cancellationToken) =>
        {
            var address = result.GetRequiredValue(url);
            using var client = new StatusClient(address, apiKey.Read(result) ?? StatusClient.TokenOf(address));
            var route = RouteOf(
                result.GetValue(follow), result.GetValue(since), result.GetValue(level), result.GetValue(executor));
            await foreach (var line in client.FollowAsync(route, cancellationToken))
            {
                LogView.Show(line);
            }

            return 0;
        });
        return command;
    }

    private static string RouteOf(bool follow, TimeSpan? since, LogLevel? level, string? executor)
    {
        List<string> asked = [$"follow={(follow ? "true" : "false")}"];
        if (since is { } time)
        {
            asked.Add(string.Create(CultureInfo.InvariantCulture, $"since={time.TotalSeconds:0}"));
        }

        if (level is { } least)
        {
            asked.Add($"level={least}");
        }

        if (executor is not null)
        {
            asked.Add($"executor={Uri.EscapeDataString(executor)}");
        }

        return $"admin/logs?{string.Join('&', asked)}";
    }

    private static TimeSpan? ReadSince(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var seconds = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        if (seconds > 0 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && (long)count * seconds <= int.MaxValue)
        {
            return TimeSpan.FromSeconds((long)count * seconds);
        }

        result.AddError("--since: expected a number of seconds, minutes or hours such as 30s, 10m or 2h.");
        return null;
    }
}
