namespace FlowKit.Benchmarks;

/// <summary>Sentences as people write under photographs: eight to twenty words, about fifteen tokens.</summary>
internal static class Captions
{
    private static readonly string[] Who = ["a man in a red jacket", "two children", "a brown dog", "an old woman with a hat", "a group of people", "a cat", "a young couple", "three cyclists"];
    private static readonly string[] What = ["walks along", "stands in front of", "looks at", "sits beside", "runs past", "waits at", "takes a picture of", "sleeps on"];
    private static readonly string[] Where = ["a snowy street at night", "the sea", "a wooden table with fruit", "a small house", "an empty bus stop in the rain", "a market full of flowers", "the old bridge", "a green field under a cloudy sky"];

    /// <summary>That many of them, all different up to 512.</summary>
    internal static string[] Take(int count) => [.. Enumerable.Range(0, count).Select(static i => $"{Who[i % 8]} {What[i / 8 % 8]} {Where[i / 64 % 8]}{(i >= 512 ? $" number {i / 512}" : "")}")];
}
