using System.CommandLine;
using FlowKit.Cli.Output;
using FlowKit.Cli.Watching;
using Spectre.Console;

namespace FlowKit.Cli.Commands.Watching;

/// <summary><c>flowkit top [URL]</c>: the state of a running flow, once a second.</summary>
internal static class TopCommand
{
    private const string Description = """
        Shows how a running flow is, once a second: executors, queues, rates, latencies, failures. Lines instead of a table where the output
        is no terminal.

        Examples:
          flowkit top
          flowkit top http://localhost:9000 --once
        """;

    public static Command Create()
    {
        var url = new UrlArgument();
        var once = new Option<bool>("--once") { Description = "Show one second, and end." };
        var apiKey = new ApiKeyOption();
        var command = new Command("top", Description) { url, once, apiKey };
        command.SetAction((result, cancellationToken) =>
            ShowAsync(result.GetRequiredValue(url), apiKey.Read(result), result.GetValue(once), cancellationToken));
        return command;
    }

    private static async Task<int> ShowAsync(string url, string? key, bool once, CancellationToken cancellationToken)
    {
        using var client = new StatusClient(url, key);
        if (once || Console.IsOutputRedirected)
        {
            await WriteAsync(client, once, cancellationToken);
        }
        else
        {
            await AnsiConsole.Live(new Table()).StartAsync(async live =>
            {
                await foreach (var status in client.FollowAsync(cancellationToken))
                {
                    live.UpdateTarget(StatusTable.Draw(status));
                }
            });
        }

        if (!once)
        {
            Report.Line("The flow has ended.");
        }

        return 0;
    }

    /// <summary>Rates are those between two moments: the first has none.</summary>
    private static async Task WriteAsync(StatusClient client, bool once, CancellationToken cancellationToken)
    {
        var isFirst = true;
        await foreach (var status in client.FollowAsync(cancellationToken))
        {
            if (isFirst)
            {
                isFirst = false;
                continue;
            }

            foreach (var line in StatusTable.Lines(status))
            {
                await Console.Out.WriteLineAsync(line.AsMemory(), cancellationToken);
            }

            if (once)
            {
                return;
            }
        }
    }
}
