using System.Diagnostics;
using System.Globalization;

namespace FlowKit.Fuzz;

/// <summary>Runs each target in a process of its own, and keeps the input that ended or hung one.</summary>
/// <param name="options">What to run.</param>
internal sealed class Supervisor(FuzzOptions options)
{
    private static readonly TimeSpan s_hang = TimeSpan.FromSeconds(60);

    /// <summary>Runs all targets and prints a line for each.</summary>
    /// <returns>The number of findings.</returns>
    public async Task<int> RunAsync()
    {
        var program = Instrumentation.Prepare();
        var findings = 0;
        Console.WriteLine($"{"target",-10} {"executions",11} {"per second",11} {"edges",7} {"findings",9}");
        foreach (var target in options.Targets)
        {
            findings += await RunAsync(program, target);
        }

        return findings;
    }

    private async Task<int> RunAsync(string program, string target)
    {
        var path = Path.Combine(Path.GetTempPath(), $"fuzz-{Environment.ProcessId}-{target}");
        using var current = new CurrentInput(path);
        try
        {
            var (clock, ended, seed) = (Stopwatch.StartNew(), 0, options.Seed);
            while (true)
            {
                current.Clear();
                var left = options.Time - clock.Elapsed;
                using var child = Start(program, target, path, left, seed++);
                var output = child.StandardOutput.ReadToEndAsync();
                await WatchAsync(child, current);
                var text = await output;
                if (text.Contains("findings:", StringComparison.Ordinal))
                {
                    return ended + Tell(text);
                }

                ended++;
                var kept = Keep(target, current.Read());
                Console.WriteLine($"{target}: the process ended or hung on an input, kept as {kept}.\n{string.Join('\n', text.Split('\n').Take(8))}");
                if (options.Time - clock.Elapsed < TimeSpan.FromSeconds(1) || ended > 5)
                {
                    return ended;
                }
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    private Process Start(string program, string target, string path, TimeSpan left, int seed)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        string[] arguments = [program, "--child", target, "--seconds", Text((long)Math.Ceiling(left.TotalSeconds)), "--runs", Text(options.Runs), "--seed", Text(seed), "--keep", Text(options.Keep)];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["FUZZ_CURRENT"] = path;

        // A picture or a number that asks for all memory is to end the process, not the machine.
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x80000000";
        return Process.Start(start)!;
    }

    private static async Task WatchAsync(Process child, CurrentInput current)
    {
        var (count, since) = (-1L, Stopwatch.StartNew());
        var end = child.WaitForExitAsync();
        while (await Task.WhenAny(end, Task.Delay(1000)) != end)
        {
            if (current.Count != count)
            {
                (count, since) = (current.Count, Stopwatch.StartNew());
            }
            else if (since.Elapsed > s_hang)
            {
                child.Kill();
            }
        }
    }

    private static string Keep(string target, byte[] input)
    {
        Directory.CreateDirectory(Repository.Crashes(target));
        var path = Path.Combine(Repository.Crashes(target), $"ended-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(input))[..12]}");
        File.WriteAllBytes(path, input);
        return Path.GetRelativePath(Repository.Root, path);
    }

    private static int Tell(string text)
    {
        Console.Write(text[..text.IndexOf("findings:", StringComparison.Ordinal)]);
        return int.Parse(text.AsSpan(text.IndexOf("findings:", StringComparison.Ordinal) + "findings:".Length), CultureInfo.InvariantCulture);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
