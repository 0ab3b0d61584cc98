namespace FlowKit.Runtime.Properties;

/// <summary>Runs trials until one fails; from then on only smaller ones of that lane, each several times, since a race shows itself only now and then.</summary>
/// <param name="folder">Where workspaces are.</param>
internal sealed class TrialSearch(string folder)
{
    private const int Repeats = 20;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_patienceWhileShrinking = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_shrinking = TimeSpan.FromMinutes(2);

    private int _failingLane;
    private int _trials;
    private long _failed;

    public int Trials => _trials;

    public async Task TryAsync(FlowPlan plan)
    {
        var lane = Environment.CurrentManagedThreadId;
        if (Volatile.Read(ref _failingLane) == 0)
        {
            await TryFirstAsync(plan, lane);
        }
        else if (_failingLane == lane && TimeProvider.System.GetElapsedTime(_failed) < s_shrinking)
        {
            await TryAsync(plan, Repeats);
        }
    }

    /// <summary>Runs one plan several times.</summary>
    public async Task TryAsync(FlowPlan plan, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await RunAsync(plan, s_patienceWhileShrinking);
        }
    }

    private async Task TryFirstAsync(FlowPlan plan, int lane)
    {
        try
        {
            await RunAsync(plan, s_patience);
        }
        catch (Exception)
        {
            if (Interlocked.CompareExchange(ref _failingLane, lane, 0) == 0)
            {
                _failed = TimeProvider.System.GetTimestamp();
                throw;
            }

            // Another lane was first, and one small flow tells more than two large ones.
        }
    }

    private Task RunAsync(FlowPlan plan, TimeSpan patience)
    {
        Interlocked.Increment(ref _trials);
        return new FlowTrial(plan, folder).RunAsync(patience);
    }
}
