using System.Diagnostics;
using FlowKit.Client;

namespace FlowKit.Soak;

/// <summary>What happens to the flow while it serves: workers are killed, its file is written anew, replicas come and go.</summary>
/// <param name="flow">The flow.</param>
/// <param name="files">Its files.</param>
internal sealed class Changes(RunningFlow flow, FlowFiles files)
{
    private int _kills;
    private int _reloads;
    private int _scalings;
    private int _refusedScalings;

    /// <summary>What has happened.</summary>
    public string Summary => $"{_kills} kills, {_reloads} reloads, {_scalings} changes of scale ({_refusedScalings} more met a kill)";

    public async Task KillAsync(TimeSpan pause, CancellationToken stop)
    {
        var random = new Random(1);
        while (await PauseAsync(pause, stop))
        {
            var workers = flow.Workers();
            if (workers.Count > 1)
            {
                using var kill = Process.Start("kill", ["-KILL", $"{workers[random.Next(workers.Count)]}"]);
                await kill.WaitForExitAsync(CancellationToken.None);
                _kills++;
            }
        }
    }

    public async Task ReloadAsync(TimeSpan pause, CancellationToken stop)
    {
        while (await PauseAsync(pause, stop))
        {
            files.Write(++_reloads);
        }
    }

    public async Task ScaleAsync(TimeSpan pause, CancellationToken stop)
    {
        await using var client = new FlowClient($"http://127.0.0.1:{files.Ports[0]}");
        for (var turn = 0; await PauseAsync(pause, stop); turn++)
        {
            try
            {
                await client.ScaleAsync(turn % 2 == 0 ? "mark" : "work", 1 + (turn / 2 % 3) + (turn % 2), CancellationToken.None);
                _scalings++;
            }
            catch (FlowKitException exception) when (exception.Message.Contains("SIGKILL", StringComparison.Ordinal))
            {
                // The new worker was killed while it started, and the flow serves on as it was.
                _refusedScalings++;
            }
        }
    }

    /// <returns>Whether it goes on.</returns>
    private static async Task<bool> PauseAsync(TimeSpan pause, CancellationToken stop)
    {
        await Task.Delay(pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !stop.IsCancellationRequested;
    }
}
