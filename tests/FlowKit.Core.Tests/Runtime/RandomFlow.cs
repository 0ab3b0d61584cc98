using FlowKit.TestKit;

namespace FlowKit.Runtime;

/// <summary>Draws a graph: each node needs the gateway or some nodes before it.</summary>
internal static class RandomFlow
{
    public const int MaxNodes = 8;

    public static string Graph(Random random) => FlowText.Graph([.. Enumerable.Range(0, random.Next(1, MaxNodes + 1)).Select(node => (
        $"n{node}, replicas: {random.Next(1, 4)}, capacity: {random.Next(1, 5)}",
        Needs(random, node)))]);

    private static string Needs(Random random, int node)
    {
        var earlier = Enumerable.Range(-1, node + 1).Select(index => index < 0 ? "gateway" : $"n{index}").ToArray();
        random.Shuffle(earlier);
        return string.Join(", ", earlier.Take(random.Next(1, Math.Min(earlier.Length, 3) + 1)));
    }
}
