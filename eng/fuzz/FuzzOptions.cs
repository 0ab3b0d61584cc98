using System.Globalization;

namespace FlowKit.Fuzz;

/// <summary>What a run does.</summary>
internal sealed record FuzzOptions
{
    /// <summary>The targets' names.</summary>
    public required IReadOnlyList<string> Targets { get; init; }

    /// <summary>The time for each target.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The number of inputs after which a target is done; 0 for no end but the time's.</summary>
    public long Runs { get; init; }

    /// <summary>The seed: the same one gives the same inputs where a target works on one thread.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The number of inputs that are added to the corpus for what they reach.</summary>
    public int Keep { get; init; }

    /// <summary>Indicates that this is the process that runs one target.</summary>
    public bool IsChild { get; init; }

    /// <summary>Indicates that the corpora's first inputs are written.</summary>
    public bool WritesSeeds { get; init; }

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">It cannot be understood; the message says why.</exception>
    public static FuzzOptions Parse(IReadOnlyList<string> arguments)
    {
        var targets = new List<string>();
        var options = new FuzzOptions { Targets = targets };
        for (var at = 0; at < arguments.Count; at++)
        {
            var next = at + 1 < arguments.Count ? arguments[at + 1] : null;
            switch (arguments[at])
            {
                case "--seconds":
                    (options, at) = (options with { Time = TimeSpan.FromSeconds(Number("--seconds", next)) }, at + 1);
                    break;
                case "--runs":
                    (options, at) = (options with { Runs = Number("--runs", next) }, at + 1);
                    break;
                case "--seed":
                    (options, at) = (options with { Seed = Number("--seed", next) }, at + 1);
                    break;
                case "--keep":
                    (options, at) = (options with { Keep = Number("--keep", next) }, at + 1);
                    break;
                case "--child":
                    options = options with { IsChild = true };
                    break;
                case "--seeds":
                    options = options with { WritesSeeds = true };
                    break;
                case var name when FuzzTargets.Names.Contains(name):
                    targets.Add(name);
                    break;
                case var unknown:
                    throw new FormatException($"There is no target or option '{unknown}'; targets: {string.Join(' ', FuzzTargets.Names)}; options: --seconds N, --runs N, --seed N, --keep N, --seeds.");
            }
        }

        return targets.Count > 0 ? options : options with { Targets = [.. FuzzTargets.Names] };
    }

    private static int Number(string option, string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"{option} takes a whole number, not '{text}'.");
}
