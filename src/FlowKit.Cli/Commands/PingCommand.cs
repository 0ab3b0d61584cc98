using System.CommandLine;
using FlowKit.Cli.Output;
using FlowKit.Client;

namespace FlowKit.Cli.Commands;

/// <summary><c>flowkit ping URL</c>: waits until the flow is ready.</summary>
internal static class PingCommand
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    public static Command Create()
    {
        var url = new Argument<string>("URL") { Description = "The flow's address, for example http://localhost:8080." };
        var timeout = new Option<double>("--timeout") { Description = "How many seconds to wait.", DefaultValueFactory = _ => 30 };
        var apiKey = new ApiKeyOption();
        timeout.RequireSeconds();
        var command = new Command(
            "ping",
            "Waits until a flow is ready; exit code 0 when it is, 1 when it is not in time.\n\nExample:\n  flowkit ping "
                + "http://localhost:8080 --timeout 10") { url, timeout, apiKey };
        command.SetAction(
            (result, cancellationToken) => WaitAsync(
                apiKey.Connect(result, result.GetRequiredValue(url)), TimeSpan.FromSeconds(result.GetValue(timeout)), cancellationToken));
        return command;
    }

    private static async Task<int> WaitAsync(FlowClient flow, TimeSpan timeout, CancellationToken cancellationToken)
    {
        await using var client = flow;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout > s_pause ? timeout : s_pause);
        try
        {
            while (!await client.IsFlowReadyAsync(limit.Token))
            {
                await Task.Delay(s_pause, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Report.Error($"No flow was ready at {client.Address} within {timeout.TotalSeconds} s.");
            return CommandLine.Failed;
        }

        await Console.Out.WriteLineAsync("ready".AsMemory(), cancellationToken);
        return 0;
    }
}
