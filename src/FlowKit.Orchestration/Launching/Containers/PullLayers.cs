using System.Text.RegularExpressions;

namespace FlowKit.Orchestration.Launching.Containers;

/// <summary>
/// Counts the layers of an image while it is pulled, by the lines that Docker and Podman print where no terminal is. More may become known
/// as it goes on.
/// </summary>
/// <param name="tell">Told how many are here, of how many.</param>
internal sealed partial class PullLayers(Action<int, int> tell)
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);

    /// <summary>Takes a line.</summary>
    public void Add(string line)
    {
        if (Layer().Match(line) is not { Success: true } layer)
        {
            return;
        }

        (int Done, int Total) count;
        lock (_lock)
        {
            var isNew = _known.Add(layer.Groups["id"].Value);
            var isDone = layer.Groups["done"].Success && _done.Add(layer.Groups["id"].Value);
            if (!isNew && !isDone)
            {
                return;
            }

            count = (_done.Count, _known.Count);
        }

        tell(count.Done, count.Total);
    }

    [GeneratedRegex(
        """^(?:(?<id>[0-9a-f]{12}): (?:(?<done>Pull complete|Already exists)|.*)"""
            + """|Copying blob (?:sha256:)?(?<id>[0-9a-f]{12,})(?:.*\b(?<done>done|skipped).*)?.*)$""",
        RegexOptions.CultureInvariant)]
    private static partial Regex Layer();
}
