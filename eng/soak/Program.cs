using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FlowKit.Soak;

if (args.Length < 2 || !double.TryParse(args[1], CultureInfo.InvariantCulture, out var minutes) || minutes <= 0)
{
    await Console.Error.WriteLineAsync("usage: Soak FLOWKIT.DLL MINUTES [FOLDER]");
    return 2;
}

var results = args.Length > 2 ? args[2] : ".";
using var files = new FlowFiles(FreePorts(3));
await using var flow = await RunningFlow.StartAsync(args[0], files);
var ledger = new Ledger();
var load = new Load(ledger, files.Ports);
var changes = new Changes(flow, files);
var clock = Stopwatch.StartNew();
using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(minutes));
string[] schemes = ["http", "http", "grpc", "grpc", "ws", "ws"];
Task[] running =
[
    .. schemes.Select((scheme, caller) => Task.Run(() => load.RunAsync(scheme, caller, stop.Token))),
    .. Enumerable.Range(0, 3).Select(caller => Task.Run(() => load.ReadSlowlyAsync(caller, stop.Token))),
    changes.KillAsync(TimeSpan.FromSeconds(13), stop.Token),
    changes.ReloadAsync(TimeSpan.FromSeconds(17), stop.Token),
    changes.ScaleAsync(TimeSpan.FromSeconds(7), stop.Token),
];
var ended = Task.WhenAll(running);
var samples = new List<(double Seconds, long Gateway, long Workers)>();
while (!ended.IsCompleted && !flow.HasEnded)
{
    var (gateway, workers) = flow.Memory();
    samples.Add((clock.Elapsed.TotalSeconds, gateway, workers));
    Console.WriteLine($"{clock.Elapsed.TotalSeconds,6:0} s  gateway {gateway >> 20,5} MiB  workers {workers >> 20,5} MiB  {ledger.Answered,9:N0} answered  {ledger.Wrong.Count} wrong");
    await Task.WhenAny(ended, Task.Delay(TimeSpan.FromSeconds(10)));
}

await ended.WaitAsync(TimeSpan.FromMinutes(2)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
ledger.Close();
Console.WriteLine($"{ledger.Asked:N0} requests, {ledger.Answered:N0} answered with their own documents, {changes.Summary}, {clock.Elapsed.TotalMinutes:0.0} minutes");
foreach (var (kind, count) in ledger.Failures)
{
    Console.WriteLine($"  failed: {kind} {count:N0}");
}

foreach (var wrong in ledger.Wrong.Take(20))
{
    Console.WriteLine($"  wrong: {wrong}");
}

var problem = ended.IsFaulted ? ended.Exception!.ToString() : null;
if (flow.HasEnded || problem is not null)
{
    Console.WriteLine($"  {problem ?? "the flow has ended"}\n{flow.LastLines}");
}

await File.WriteAllTextAsync(Path.Combine(results, "rss.svg"), Plot.Of(samples));
return ledger.Wrong.Count == 0 && problem is null && !flow.HasEnded ? 0 : 1;

static IReadOnlyList<int> FreePorts(int count)
{
    var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
    listeners.ForEach(listener => listener.Start());
    var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToList();
    listeners.ForEach(listener => listener.Dispose());
    return ports;
}
