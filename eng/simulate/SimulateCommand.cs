using System.CommandLine;
using System.Globalization;
using FlowKit.Configuration;
using FlowKit.Configuration.Diagnostics;

namespace FlowKit.Simulate;

/// <summary><c>simulate FLOW</c>, and <c>simulate --check</c>, which sets the simulation beside flows that run.</summary>
internal sealed class SimulateCommand : RootCommand
{
    private readonly Argument<string?> _flow = new("FLOW") { Description = "The flow's file.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string[]> _costs = new("--cost")
    {
        Description = "NAME=MS[+MS][~V]: milliseconds of a call, and of each document, of an executor or of 'gateway', and how they vary "
            + "(0 always the same, 1 exponential).",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<double> _rate = new("--rate") { Description = "Requests a second.", DefaultValueFactory = _ => 10 };
    private readonly Option<int> _documents = new("--documents") { Description = "Documents of a request.", DefaultValueFactory = _ => 1 };
    private readonly Option<string> _on = new("--on") { Description = "The endpoint.", DefaultValueFactory = _ => "/" };
    private readonly Option<int> _cores = new("--cores") { Description = "Cores of the gateway.", DefaultValueFactory = _ => 1 };
    private readonly Option<double> _seconds = new("--seconds") { Description = "The time to simulate.", DefaultValueFactory = _ => 600 };
    private readonly Option<int> _seed = new("--seed") { Description = "The seed.", DefaultValueFactory = _ => 1 };
    private readonly Option<double?> _limit = new("--p99") { Description = "Milliseconds that 99 % may take: finds the replicas for it." };
    private readonly Option<double?> _check = new("--check") { Description = "Sets flows that run so many seconds beside their simulation." };

    public SimulateCommand()
        : base("Simulates a flow as a network of queues.")
    {
        foreach (var option in (Option[])[_costs, _rate, _documents, _on, _cores, _seconds, _seed, _limit, _check])
        {
            Add(option);
        }

        Add(_flow);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        try
        {
            return parsed.GetValue(_check) is { } seconds ? await CheckAsync(seconds) : Simulate(parsed);
        }
        catch (Exception exception) when (exception is FormatException or FlowConfigException)
        {
            await Console.Error.WriteLineAsync($"error: {exception.Message}");
            return 1;
        }
    }

    private int Simulate(ParseResult parsed)
    {
        var path = parsed.GetValue(_flow) ?? throw new FormatException("a flow's file is missing; see --help");
        var costs = parsed.GetRequiredValue(_costs).Select(cost => cost.Split('=', 2)).ToDictionary(
            parts => parts[0], parts => Cost.Read(parts.ElementAtOrDefault(1) ?? ""), StringComparer.Ordinal);
        var nodes = FlowModel.Of(FlowConfigReader.Read(path), parsed.GetRequiredValue(_on), costs, parsed.GetValue(_cores));
        var load = new Load(
            parsed.GetValue(_rate), parsed.GetValue(_documents), parsed.GetValue(_seconds), parsed.GetValue(_seed));
        if (parsed.GetValue(_limit) is { } limit)
        {
            nodes = ReplicaPlan.Find(nodes, load, 0.99, limit / 1000) is { } found
                ? found
                : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"no number of replicas answers 99 % within {limit} ms: the calls alone take longer"));
        }

        var result = Simulation.Run(nodes, load);
        Console.WriteLine("| executor | replicas | busy |\n|---|---|---|");
        foreach (var node in result.Nodes)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {node.Name} | {node.Replicas} | {100 * node.Busy:F0} % |"));
        }

        Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
            $"\n{result.Throughput:F1} requests/s answered, {result.Refused} refused; mean {1000 * result.Mean:F1} ms, p50 "
                + $"{1000 * result.Percentile(0.5):F1} ms, p99 {1000 * result.Percentile(0.99):F1} ms"));
        return 0;
    }

    private static async Task<int> CheckAsync(double seconds)
    {
        Console.WriteLine("| flow | rate | requests/s: run, simulated | mean, ms: run, simulated | p99, ms: run, simulated | off: mean, p99 |");
        Console.WriteLine("|---|---|---|---|---|---|");
        var worst = 0.0;
        foreach (var flow in CheckedFlow.All(seconds))
        {
            var (run, arrivals) = await flow.MeasureAsync();
            var simulated = flow.Simulate(arrivals);
            var (mean, tail) = (Off(run.Mean, simulated.Mean), Off(run.Percentile(0.99), simulated.Percentile(0.99)));
            worst = Math.Max(worst, Math.Abs(mean));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {flow.Name} | {flow.Load.Rate} | {run.Throughput:F1}, {simulated.Throughput:F1} | {1000 * run.Mean:F1}, "
                    + $"{1000 * simulated.Mean:F1} | {1000 * run.Percentile(0.99):F0}, {1000 * simulated.Percentile(0.99):F0} | "
                    + $"{100 * mean:+0;-0;0} %, {100 * tail:+0;-0;0} % |"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nthe largest error of a mean: {100 * worst:F0} % (goal <= 15 %) {(worst <= 0.15 ? "ok" : "short")}"));
        return worst <= 0.15 ? 0 : 1;

        static double Off(double run, double simulated) => (simulated - run) / run;
    }
}
