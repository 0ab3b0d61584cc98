namespace FlowKit.Orchestration.Launching.Containers;

/// <summary>Turns Jina's <c>gpus</c> into what <c>docker run --gpus</c> takes: values that hold commas stand in quotes there.</summary>
internal static class GpuWords
{
    /// <param name="gpus"><c>all</c>, a count, or for example <c>device=0,device=1,capabilities=compute</c>.</param>
    public static string Of(string gpus)
    {
        if (!gpus.Contains('=', StringComparison.Ordinal))
        {
            return gpus;
        }

        var groups = new List<(string Key, List<string> Values)>();
        foreach (var word in gpus.Split(','))
        {
            var parts = word.Split('=', 2);
            var key = parts.Length == 2 ? parts[0] : groups[^1].Key;
            if (groups.FindIndex(group => group.Key == key) is >= 0 and var index)
            {
                groups[index].Values.Add(parts[^1]);
            }
            else
            {
                groups.Add((key, [parts[^1]]));
            }
        }

        return string.Join(
            ',',
            groups.Select(
                group => group.Values.Count > 1 ? $"\"{group.Key}={string.Join(',', group.Values)}\"" : $"{group.Key}={group.Values[0]}"));
    }
}
