using System.Globalization;

namespace FlowKit.Benchmarks;

/// <summary>The benchmarks of the models, by name.</summary>
internal static class ClipBenchmarks
{
    private static readonly Dictionary<string, Func<string[], Task<int>>> s_known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["random-model"] = args => Done(() => RandomClip.Write(args[0])),
        ["jpeg"] = args => JpegBenchmark.RunAsync(args[0], args[1], Turns(args[2])),
        ["peer"] = args => PeerBenchmark.RunAsync(args[0], args[1], Turns(args[2]), args[3..]),
        ["lengths"] = args => Done(() => LengthBenchmark.Run(args[0], Turns(args[1]))),
        ["int8"] = args => Done(() => QuantisedBenchmark.Run(args[0], args[1], Turns(args[2]))),
        ["shared-memory"] = args => Done(() => SharedMemoryBenchmark.Run(args[0])),
        ["load"] = args => Done(() => LoadBenchmark.Run(args[0], Turns(args[1]))),
        ["tokenizer"] = args => Done(() => TokenizerBenchmark.Run(args[0], Turns(args[1]))),
        ["calls"] = args => Done(() => CallsBenchmark.Run(args[0], args[1], Turns(args[2]))),
        ["cache"] = args => Done(() => CacheBenchmark.Run(args[0], Turns(args[1]))),
        ["bare-embedding"] = args => Done(() => ColdStart.Bare(args[0])),
        ["first-embedding"] = args => Done(() => ColdStart.Ours(args[0])),
        ["device"] = args => Done(() => DeviceBenchmark.Run(args[0], args[1], TimeSpan.FromSeconds(Turns(args[2])))),
        ["device-load"] = args => Done(() => DeviceBenchmark.Load(args[0], args[1], TimeSpan.FromSeconds(Turns(args[2])))),
    };

    /// <summary>What <c>clip</c> can be followed by.</summary>
    public static string Names => string.Join(' ', s_known.Keys);

    /// <summary>Runs one.</summary>
    /// <returns>The exit code, or <see langword="null"/> when there is none of that name.</returns>
    public static async Task<int?> RunAsync(string name, string[] args) => s_known.TryGetValue(name, out var benchmark) ? await benchmark(args) : null;

    private static int Turns(string number) => int.Parse(number, CultureInfo.InvariantCulture);

    private static Task<int> Done(Func<int> run) => Task.FromResult(run());
}
