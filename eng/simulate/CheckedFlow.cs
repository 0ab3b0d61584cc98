using System.Diagnostics;
using System.Globalization;
using FlowKit.Configuration;
using FlowKit.TestKit;

namespace FlowKit.Simulate;

/// <summary>A flow that is measured and simulated under one load.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Yaml">Its file, of executors <see cref="Waiting"/>.</param>
/// <param name="Load">The load.</param>
internal sealed record CheckedFlow(string Name, string Yaml, Load Load)
{
    /// <summary>The flows: each shows one thing that a queue does.</summary>
    public static IReadOnlyList<CheckedFlow> All(double seconds) =>
    [
        new("one executor, half busy", Of("{name: a, uses: Waiting, uses_with: {cost: '20'}}"), new Load(25, 1, seconds, 1)),
        new("one executor, 85 % busy", Of("{name: a, uses: Waiting, uses_with: {cost: '20'}}"), new Load(40, 1, seconds, 2)),
        new("times that differ", Of("{name: a, uses: Waiting, uses_with: {cost: '20~1'}}"), new Load(30, 1, seconds, 3)),
        new("four replicas", Of("{name: a, uses: Waiting, uses_with: {cost: '40~0.5'}, replicas: 4}"), new Load(80, 1, seconds, 4)),
        new(
            "three in a row",
            Of(
                "{name: a, uses: Waiting, uses_with: {cost: '10'}}",
                "{name: b, uses: Waiting, uses_with: {cost: '30~0.5'}, replicas: 3}",
                "{name: c, uses: Waiting, uses_with: {cost: '5'}}"),
            new Load(60, 1, seconds, 5)),
        new(
            "a join",
            Of(
                "{name: a, uses: Waiting, uses_with: {cost: '10~1'}, needs: gateway}",
                "{name: b, uses: Waiting, uses_with: {cost: '15~1'}, needs: gateway}",
                "{name: c, needs: [a, b]}"),
            new Load(40, 1, seconds, 6)),
        new(
            "three shards, all asked",
            Of("{name: a, uses: Waiting, uses_with: {cost: '15~1'}, shards: 3, polling: all}"), new Load(35, 1, seconds, 7)),
        new(
            "batches",
            Of(
                "{name: a, uses: Waiting, uses_with: {cost: '20+1'}, "
                    + "uses_dynamic_batching: {/default: {preferred_batch_size: 16, timeout: 20}}}"),
            new Load(200, 1, seconds, 8)),
    ];

    /// <summary>Simulates it with the costs that its calls had, as requests came while it ran; chance is drawn many times.</summary>
    /// <param name="arrivals">The times at which requests came.</param>
    public SimulationResult Simulate(IReadOnlyList<double> arrivals)
    {
        const int Turns = 50;
        var flow = FlowConfigReader.ReadText(Yaml, "flow.yml");
        var costs = flow.Executors.ToDictionary(
            executor => executor.Name,
            executor => executor.UsesWith["cost"] is { } cost
                ? Cost.Read((string)cost!).Measured(Waiting.TakeCalls(executor.Name))
                : new Cost(0, 0, 0));
        var nodes = FlowModel.Of(flow, "/default", costs, 1);
        var runs = Enumerable.Range(1, Turns).Select(seed => Simulation.Run(nodes, Load with { Seed = seed, Arrivals = arrivals })).ToList();
        return runs[0] with { Latencies = [.. runs.SelectMany(run => run.Latencies).Order()] };
    }

    /// <summary>Starts it and sends requests at random times, whether earlier ones are answered or not.</summary>
    /// <returns>What it showed, and when requests came.</returns>
    public async Task<(SimulationResult Result, IReadOnlyList<double> Arrivals)> MeasureAsync()
    {
        await using var flow = await TestFlow.StartAsync(Yaml, new TestFlowOptions { Executors = [typeof(Waiting)] });
        await flow.PostAsync("/default", new Document { Text = "the first call compiles" });
        var calls = new List<Task<(double Begun, double Took)>>();
        var clock = Stopwatch.StartNew();
        foreach (var at in Load.Times(new Random(Load.Seed)))
        {
            var wait = at - clock.Elapsed.TotalSeconds;
            if (wait > 0)
            {
                await Task.Delay(TimeSpan.FromSeconds(wait));
            }

            calls.Add(CallAsync(clock.Elapsed.TotalSeconds));
        }

        var done = await Task.WhenAll(calls);
        var latencies = done.Where(call => call.Begun > Load.Seconds * Simulation.WarmUp).Select(call => call.Took).Order().ToList();
        var throughput = latencies.Count / (Load.Seconds * (1 - Simulation.WarmUp));
        return (new SimulationResult(latencies, throughput, 0, []), [.. done.Select(call => call.Begun)]);

        async Task<(double Begun, double Took)> CallAsync(double begun)
        {
            await flow.PostAsync("/default", new Document { Text = "a" });
            return (begun, clock.Elapsed.TotalSeconds - begun);
        }
    }

    private static string Of(params string[] executors) => string.Create(
        CultureInfo.InvariantCulture, $"jtype: Flow\nexecutors:\n{string.Join('\n', executors.Select(executor => $"  - {executor}"))}\n");
}
