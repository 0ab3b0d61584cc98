namespace FlowKit.Benchmarks.Runtime;

/// <summary>How often the model gets its preferred batch under load, and R8: what batching costs a caller who is alone.</summary>
internal static class BatchingBenchmark
{
    private const int Preferred = 32;
    private const int WarmBatches = 20;
    private static readonly TimeSpan s_load = TimeSpan.FromSeconds(4);

    public static async Task<int> RunAsync(int repeats)
    {
        foreach (var (replicas, most) in ((int, int)[])[(1, 1), (2, 1), (1, 7)])
        {
            await FillAsync(replicas, most);
        }

        await AloneAsync("R8 with a no-op executor", nameof(NoOp), "", repeats);
        await AloneAsync("R8", nameof(CpuWork), "uses_with: {rounds: 1000000}, ", repeats);
        return 0;
    }

    /// <summary>Callers wait for four batches of each replica; requests have one to <paramref name="most"/> documents.</summary>
    private static async Task FillAsync(int replicas, int most)
    {
        using var sizes = new BatchSizes();
        await using var flow = await StartAsync(nameof(SleepWork), $"uses_with: {{milliseconds: 5}}, replicas: {replicas}, ", isBatched: true);
        await Callers.RunAsync(4 * Preferred * replicas, s_load, _ => flow.SendAsync(Inputs.Texts(Random.Shared.Next(1, most + 1))));
        var all = sizes.Sizes;
        var steady = all.Skip(WarmBatches).Take(all.Count - (2 * WarmBatches)).ToList();
        Report.Line($"-- {replicas} replicas, requests of 1 to {most}: {steady.Count} batches, sizes {string.Join(", ", steady.GroupBy(size => size).OrderByDescending(group => group.Count()).Take(5).Select(group => $"{group.Key} x{group.Count()}"))}, load average {Report.Load}");
        Report.AtLeast($"batches of the preferred size, {replicas} replicas, requests of 1 to {most}", steady.Count(size => size == Preferred) / (double)steady.Count, 0.95);
    }

    private static async Task AloneAsync(string name, string uses, string with, int repeats)
    {
        await using var on = await StartAsync(uses, with, isBatched: true);
        await using var off = await StartAsync(uses, with, isBatched: false);
        var documents = Inputs.Texts(1);
        var race = await Race.RunAsync(
            $"one caller, {uses}",
            repeats,
            1,
            new Contender("batching on", turn => Callers.RunAsync(1, turn, _ => on.SendAsync(documents))),
            new Contender("batching off", turn => Callers.RunAsync(1, turn, _ => off.SendAsync(documents))));
        Report.AtMost(name, race.Time("batching on", "batching off"), 1.1);
    }

    private static Task<RuntimeFlow> StartAsync(string uses, string with, bool isBatched) => RuntimeFlow.StartAsync(
        $$"""
        jtype: Flow
        executors:
          - {name: work, uses: {{uses}}, {{with}}uses_dynamic_batching: {{(isBatched ? $"{{/run: {{preferred_batch_size: {Preferred}}}}}" : "{}")}} }
        """,
        typeof(NoOp),
        typeof(CpuWork),
        typeof(SleepWork));
}
