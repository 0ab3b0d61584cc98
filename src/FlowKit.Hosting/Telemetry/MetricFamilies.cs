using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FlowKit.Hosting.Telemetry;

/// <summary>
/// The metrics of several processes as one text: Prometheus wants all samples of a metric in one place, below what is said of it once.
/// </summary>
internal sealed partial class MetricFamilies
{
    private const string End = "# EOF";

    /// <summary>Of a process as a whole: the first one's stands for all.</summary>
    private static readonly string[] s_ofProcess = ["target", "target_info", "otel_scope", "otel_scope_info"];

    private readonly Dictionary<string, Family> _families = new(StringComparer.Ordinal);
    private readonly List<Family> _order = [];
    private readonly bool _hasEnd;

    /// <param name="text">The metrics of the first process, in Prometheus' text form or OpenMetrics.</param>
    public MetricFamilies(string text)
    {
        _hasEnd = text.TrimEnd().EndsWith(End, StringComparison.Ordinal);
        Read(text, static (_, sample) => sample);
    }

    /// <summary>Adds those of a worker, in the same form, with labels that say whose they are.</summary>
    /// <param name="text">The metrics.</param>
    /// <param name="executor">The executor's name.</param>
    /// <param name="shard">Its shard.</param>
    /// <param name="replica">Its replica.</param>
    public void Add(string text, string executor, int shard, int replica)
    {
        (string Name, string Value)[] labels =
        [
            ("executor", Escape(executor)),
            ("shard", shard.ToString(CultureInfo.InvariantCulture)),
            ("replica", replica.ToString(CultureInfo.InvariantCulture)),
        ];
        Read(text, (family, sample) => s_ofProcess.Contains(family) ? null : Label(sample, labels));
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var line in _order.SelectMany(family => family.Said.Concat(family.Samples)))
        {
            text.Append(line).Append('\n');
        }

        return (_hasEnd ? text.Append(End).Append('\n') : text).ToString();
    }

    /// <summary>Reads lines: what is said of a metric stands before its samples.</summary>
    private void Read(string text, Func<string, string, string?> take)
    {
        Family? family = null;
        var isNew = false;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line == End)
            {
                continue;
            }

            if (line[0] == '#')
            {
                var name = line.Split(' ', 4) is [_, _, var said, ..] ? said : "";
                if (family?.Name != name)
                {
                    (family, isNew) = Find(name);
                }

                if (isNew)
                {
                    family.Said.Add(line);
                }
            }
            else
            {
                family ??= Find("").Family;
                if (take(family.Name, line) is { } sample)
                {
                    family.Samples.Add(sample);
                }
            }
        }
    }

    private (Family Family, bool IsNew) Find(string name)
    {
        if (_families.TryGetValue(name, out var known))
        {
            return (known, false);
        }

        var family = _families[name] = new Family(name);
        _order.Add(family);
        return (family, true);
    }

    /// <summary>Adds labels to a sample; those that it has already are right.</summary>
    private static string Label(string sample, (string Name, string Value)[] labels)
    {
        var end = sample.AsSpan().IndexOfAny('{', ' ');
        var (name, rest) = (sample[..end], sample[end] == '{' ? sample[(end + 1)..] : $"}}{sample[end..]}");
        var had = new HashSet<string>(StringComparer.Ordinal);
        for (var label = LabelPair().Match(rest); label.Success; label = label.NextMatch())
        {
            had.Add(label.Groups["name"].Value);
        }

        var added = string.Join(',', labels.Where(label => !had.Contains(label.Name)).Select(label => $"{label.Name}=\"{label.Value}\""));
        return $"{name}{{{added}{(added.Length > 0 && rest[0] != '}' ? "," : "")}{rest}";
    }

    private static string Escape(string value) =>
        value.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    [GeneratedRegex("""\G(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?:\\.|[^"\\])*",?""", RegexOptions.CultureInvariant)]
    private static partial Regex LabelPair();

    /// <summary>A metric: what is said of it, and its samples.</summary>
    private sealed record Family(string Name)
    {
        public List<string> Said { get; } = [];

        public List<string> Samples { get; } = [];
    }
}
