using System.Diagnostics;
using System.Globalization;
using FlowKit.Components;
using FlowKit.Configuration;
using FlowKit.Orchestration.Launching.Containers;
using FlowKit.Orchestration.Launching.Processes;
using FlowKit.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowKit.Benchmarks.Hops;

/// <summary>
/// R21: what an executor in a process or a container costs over one in the flow's own process, for documents of 1 KB and of 786 KB, against the
/// raw round trip of the same bytes over a Unix socket and a copy in memory. All take turns in one run.
/// </summary>
internal static class HopBenchmark
{
    private const string InProcess = "in_process";

    /// <summary>A shorter copy, in microseconds, is no measure.</summary>
    private const double LeastCopy = 1;

    /// <summary>Until both sides run what the compiler makes of code that is used much.</summary>
    private static readonly TimeSpan s_warmup = TimeSpan.FromSeconds(3);

    private static readonly (string Name, int Bytes, int Calls, double Goal)[] s_sizes = [("1 KB", 1024, 400, 8), ("786 KB", 512 * 512 * 3, 60, 3)];

    public static async Task<int> RunAsync(int turns)
    {
        using var raw = await RawSocket.StartAsync();
        var flows = new List<(string Name, FlowRuntime Flow)>();
        try
        {
            flows.Add((InProcess, await StartAsync(InProcess)));
            flows.Add(("process (socket)", await StartAsync("process", sharesMemory: false)));
            flows.Add(("process (shared memory)", await StartAsync("process")));
            if (HasEngine())
            {
                flows.Add(("container", await StartAsync("container")));
            }

            foreach (var (name, bytes, calls, goal) in s_sizes)
            {
                await MeasureAsync(name, bytes, calls, goal, turns, raw, flows);
            }
        }
        finally
        {
            foreach (var (_, flow) in flows)
            {
                await flow.DisposeAsync();
            }
        }

        return 0;
    }

    private static async Task MeasureAsync(string name, int bytes, int calls, double goal, int turns, RawSocket raw, List<(string Name, FlowRuntime Flow)> flows)
    {
        var frame = new byte[bytes + 4];
        var copy = new byte[bytes];
        var content = new byte[bytes];
        var results = new Dictionary<string, List<double>> { ["copy in memory"] = [], ["raw socket"] = [] };
        flows.ForEach(flow => results[flow.Name] = []);
        for (var turn = 0; turn <= turns; turn++)
        {
            var least = turn == 0 ? s_warmup : TimeSpan.Zero;
            Add("copy in memory", await MedianAsync(calls, least, () =>
            {
                content.CopyTo(copy, 0);
                return Task.CompletedTask;
            }));
            Add("raw socket", await MedianAsync(calls, least, () =>
            {
                raw.Ask(frame);
                return Task.CompletedTask;
            }));
            foreach (var (runtime, flow) in flows)
            {
                Add(runtime, await MedianAsync(calls, least, () => AskAsync(flow, content)));
            }

            void Add(string contender, double microseconds)
            {
                if (turn > 0)
                {
                    results[contender].Add(microseconds);
                }
            }
        }

        Print(name, goal, results);
    }

    private static void Print(string name, double goal, Dictionary<string, List<double>> results)
    {
        foreach (var (contender, values) in results)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}, {contender}: median {Ratio.Median(values):0.0} min {values.Min():0.0} max {values.Max():0.0} µs a document, {values.Count} turns"));
        }

        foreach (var runtime in results.Keys.Where(key => key.StartsWith("process", StringComparison.Ordinal) || key == "container"))
        {
            var hop = Ratio.Median(results[runtime]) - Ratio.Median(results[InProcess]);
            var ratio = hop / Ratio.Median(results["raw socket"]);
            var copy = Ratio.Median(results["copy in memory"]);
            var copies = copy >= LeastCopy ? string.Create(CultureInfo.InvariantCulture, $", {hop / copy:0.0} copies in memory") : "";
            var verdict = runtime == "container" ? "" : $" (goal <= {goal:0.0}) {(ratio <= goal ? "ok" : "short")}";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"R21 {runtime}, {name}: hop {hop:0.0} µs, {ratio:0.00} of the raw round trip{verdict}{copies}"));
        }
    }

    private static async Task AskAsync(FlowRuntime flow, byte[] content)
    {
        var reply = await flow.SendAsync(new FlowRequest("/echo", [new Document { Tensor = NdArray.Wrap(content, content.Length) }]), CancellationToken.None);
        if (reply.Error is { } error)
        {
            throw new FlowKitException(error);
        }
    }

    /// <summary>The median of single calls, in microseconds: the mean would tell of the machine's other work.</summary>
    private static async Task<double> MedianAsync(int calls, TimeSpan least, Func<Task> call)
    {
        var times = new List<double>(calls);
        var began = Stopwatch.GetTimestamp();
        while (times.Count < calls || Stopwatch.GetElapsedTime(began) < least)
        {
            var start = Stopwatch.GetTimestamp();
            await call();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        return Ratio.Median(times);
    }

    private static Task<FlowRuntime> StartAsync(string runtime, bool sharesMemory = true)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Hops");
        var config = FlowConfigReader.ReadText($"{{jtype: Flow, executors: [{{name: echo, uses: ./Echo.cs, runtime: {runtime}}}]}}", "flow.yml", new FlowReadOptions { BaseDirectory = folder });
        var host = new FlowHost(ComponentCatalog.Of(), NullLoggerFactory.Instance, TimeProvider.System, Path.Combine(Path.GetTempPath(), "flowkit-bench-workspace"))
        {
            Launchers = [new ProcessLauncher { SharesMemory = sharesMemory }, new ContainerLauncher("bench")],
        };
        return FlowRuntime.StartAsync(config, host, CancellationToken.None);
    }

    private static bool HasEngine()
    {
        if (!Engine.IsOnPath("docker"))
        {
            return false;
        }

        using var process = Process.Start(new ProcessStartInfo("docker", ["image", "inspect", ContainerImage.Own]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
