using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FlowKit.Fuzz;

/// <summary>Runs one target: inputs that reach something new are changed further, and what is wrong is kept.</summary>
/// <param name="target">The target, started.</param>
/// <param name="options">How long, and from which seed.</param>
/// <param name="current">The input that is being read.</param>
internal sealed class FuzzRun(IFuzzTarget target, FuzzOptions options, CurrentInput current)
{
    private const int MostFindings = 20;

    private readonly Random _random = new(options.Seed);
    private readonly CoverageMap _map = new();
    private readonly List<QueuedInput> _queue = [];
    private readonly Dictionary<string, Finding> _findings = new(StringComparer.Ordinal);
    private long _count;
    private TimeSpan _time;

    /// <summary>Tells what was run, reached and found, for <see cref="Supervisor"/> and whoever reads it.</summary>
    public string Summary()
    {
        var text = new StringBuilder();
        var speed = _count / _time.TotalSeconds;
        text.AppendLine(CultureInfo.InvariantCulture, $"{target.Name,-10} {_count,11:N0} {speed,11:N0} {_map.Edges,7:N0} {_findings.Count,9:N0}");
        foreach (var finding in _findings.Values)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {finding.Kind}");
            foreach (var line in finding.Text.Split('\n').Where(static (line, index) => index == 0 || line.Contains("at FlowKit", StringComparison.Ordinal)).Take(5))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"    {line}");
            }
        }

        return text.AppendLine(CultureInfo.InvariantCulture, $"findings:{_findings.Count}").ToString();
    }

    /// <summary>Runs to the end.</summary>
    public void Run()
    {
        var clock = Stopwatch.StartNew();
        var oracle = new Oracle(target);
        foreach (var path in Repository.Files(target.Name))
        {
            Try(oracle, File.ReadAllBytes(path), isOld: true);
        }

        var mutator = new Mutator(_random, target.Tokens);
        while (clock.Elapsed < options.Time && (options.Runs == 0 || _count < options.Runs) && _findings.Count < MostFindings)
        {
            var input = _queue.Count == 0 ? [] : Choose().Bytes;
            Try(oracle, mutator.Mutate(input, _queue.Count == 0 ? [] : Choose().Bytes), isOld: false);
        }

        _time = clock.Elapsed;
        KeepBest();
    }

    private void Try(Oracle oracle, byte[] input, bool isOld)
    {
        current.Write(input);
        CoverageMap.Clear();
        var finding = oracle.Judge(input);
        _count++;
        var fresh = _map.Add();
        if (fresh > 0 || isOld)
        {
            _queue.Add(new QueuedInput(input, fresh, isOld));
        }

        if (finding is not null && _findings.TryAdd(finding.Kind, finding) && !isOld)
        {
            Save(Repository.Crashes(target.Name), input);
        }
    }

    /// <summary>The younger half of the queue is chosen more often: it has reached more.</summary>
    private QueuedInput Choose() => _queue[_random.Next(4) == 0 ? _random.Next(_queue.Count) : _random.Next(_queue.Count / 2, _queue.Count)];

    /// <summary>Adds to the corpus what reached the most that nothing before had reached.</summary>
    private void KeepBest()
    {
        foreach (var input in _queue.Where(input => !input.IsOld).OrderByDescending(input => input.Fresh).Take(options.Keep))
        {
            Save(Repository.Corpus(target.Name), input.Bytes);
        }
    }

    private static void Save(string folder, byte[] input)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(input))[..12]), input);
    }

    /// <summary>An input that reached something new.</summary>
    /// <param name="Bytes">The input.</param>
    /// <param name="Fresh">The number of branches that it was the first to take.</param>
    /// <param name="IsOld">It comes from the corpus.</param>
    private sealed record QueuedInput(byte[] Bytes, int Fresh, bool IsOld);
}
