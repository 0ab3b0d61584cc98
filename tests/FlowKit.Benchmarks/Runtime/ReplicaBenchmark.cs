namespace FlowKit.Benchmarks.Runtime;

/// <summary>R17: what a second replica of a CPU-bound executor adds, as a share of what a second thread adds; and eight replicas of one that only waits.</summary>
internal static class ReplicaBenchmark
{
    private const int Rounds = 600_000;
    private const int Sleepers = 8;
    private static readonly TimeSpan s_turn = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(int repeats)
    {
        await BusyAsync(repeats);
        await SleepingAsync(repeats);
        return 0;
    }

    private static async Task BusyAsync(int repeats)
    {
        await using var one = await StartAsync(nameof(CpuWork), $"rounds: {Rounds}", 1);
        await using var two = await StartAsync(nameof(CpuWork), $"rounds: {Rounds}", 2);
        var race = await Race.RunAsync(
            "a CPU-bound executor, 4 callers to a replica",
            repeats,
            1,
            s_turn,
            new Contender("1 replica", turn => Callers.RunAsync(4, turn, _ => one.SendAsync(Inputs.Texts(1)))),
            new Contender("2 replicas", turn => Callers.RunAsync(8, turn, _ => two.SendAsync(Inputs.Texts(1)))),
            new Contender("1 thread", turn => Callers.RunAsync(1, turn, Spend)),
            new Contender("2 threads", turn => Callers.RunAsync(2, turn, Spend)));
        var (flow, bare) = (race.Time("1 replica", "2 replicas"), race.Time("1 thread", "2 threads"));
        Report.AtLeast("R17", flow, 1.8);
        Report.AtLeast($"R17 of the {bare:0.00} that two bare threads gave meanwhile", flow / bare, 0.98);
    }

    private static async Task SleepingAsync(int repeats)
    {
        await using var one = await StartAsync(nameof(SleepWork), "milliseconds: 100", 1);
        await using var eight = await StartAsync(nameof(SleepWork), "milliseconds: 100", Sleepers);
        var race = await Race.RunAsync(
            "an executor that sleeps 100 ms, 2 callers to a replica",
            repeats,
            1,
            s_turn,
            new Contender("1 replica", turn => Callers.RunAsync(2, turn, _ => one.SendAsync(Inputs.Texts(1)))),
            new Contender("8 replicas", turn => Callers.RunAsync(2 * Sleepers, turn, _ => eight.SendAsync(Inputs.Texts(1)))));
        Report.AtLeast("R17 sleeping x8", race.Time("1 replica", "8 replicas"), 7.5);
    }

    private static ValueTask Spend(int caller)
    {
        _ = CpuWork.Spend(Rounds);
        return ValueTask.CompletedTask;
    }

    private static Task<RuntimeFlow> StartAsync(string uses, string with, int replicas) => RuntimeFlow.StartAsync(
        $$"""
        jtype: Flow
        executors:
          - {name: work, uses: {{uses}}, uses_with: { {{with}} }, replicas: {{replicas}} }
        """,
        typeof(CpuWork),
        typeof(SleepWork));
}
