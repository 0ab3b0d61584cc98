namespace FlowKit.Runtime.Properties;

/// <summary>Whether a stopped flow has left nothing behind: no request, no part, no executor, no floating work undone, no surprise in the log.</summary>
internal sealed class DrainCheck(FlowPlan plan, TrialLedger ledger, IReadOnlyList<MarkingWork> works)
{
    private const int ExecutorThrew = 101;
    private const int Restarting = 102;
    private const int Hangs = 104;
    private const int FloatingFailed = 205;

    public async Task CheckAsync(FlowRuntime flow, TrialLogs logs, TimeSpan patience)
    {
        Expect(flow.InFlight == 0, $"{flow.InFlight} requests are in flight after the stop");
        foreach (var health in flow.Health.Where(health => health is not { Requests: 0, Documents: 0, Bytes: 0 }))
        {
            ledger.Report($"something is left after the stop: {health}");
        }

        foreach (var (id, message) in logs.Entries.Where(entry => !IsExpected(entry.Id, entry.Message)))
        {
            ledger.Report($"unexpected log {id}: {message}");
        }

        await CheckDisposalsAsync(patience);
    }

    /// <summary>Calls that were given up come back late, and their executors are disposed then.</summary>
    private async Task CheckDisposalsAsync(TimeSpan patience)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (works.Any(work => work.Disposals == 0) && TimeProvider.System.GetElapsedTime(began) < patience)
        {
            await Task.Delay(1);
        }

        Expect(works.All(work => work.Disposals > 0), $"{works.Count(work => work.Disposals == 0)} of {works.Count} executors have not been disposed");
        Expect(works.All(work => work.Disposals < 2), $"{works.Count(work => work.Disposals > 1)} executors have been disposed more than once");
    }

    private bool IsExpected(int id, string message) => id switch
    {
        ExecutorThrew => message.Contains(CallTrouble.Message, StringComparison.Ordinal),
        Restarting => plan.Nodes.Any(node => node.FailureThreshold < NodePlan.NeverRestarts),
        Hangs => plan.Nodes.Any(node => node.Timeout is not null),
        FloatingFailed => message.Contains(CallTrouble.Message, StringComparison.Ordinal)
            || message.Contains("timeout_executor", StringComparison.Ordinal),
        _ => false,
    };

    private void Expect(bool holds, string problem)
    {
        if (!holds)
        {
            ledger.Report(problem);
        }
    }
}
