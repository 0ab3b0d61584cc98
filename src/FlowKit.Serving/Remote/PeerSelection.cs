namespace FlowKit.Serving.Remote;

/// <summary>
/// Chooses between the replicas of an executor elsewhere: those that can be reached and are not left alone, of two of them the one with
/// fewer calls under way. One that came later is spared for ten seconds, less and less, until it is warm.
/// </summary>
internal static class PeerSelection
{
    /// <param name="peers">All.</param>
    /// <param name="tried">Those that the call has been to.</param>
    public static RemotePeer Choose(RemotePeer[] peers, IReadOnlyCollection<RemotePeer> tried)
    {
        if (peers.Length == 1)
        {
            return peers[0];
        }

        var candidates = Array.FindAll(peers, peer => peer.IsReachable && !peer.IsOpen && !tried.Contains(peer));
        if (candidates.Length == 0)
        {
            candidates = Array.FindAll(peers, peer => !tried.Contains(peer));
        }

        // Where most of them fail it is not theirs alone: then all are asked.
        var steady = Array.FindAll(candidates, peer => !peer.Rests);
        candidates = steady.Length * 2 >= peers.Length ? steady : candidates;
        return Choose(candidates.Length > 0 ? candidates : peers);
    }

    private static RemotePeer Choose(RemotePeer[] candidates)
    {
        var first = Random.Shared.Next(candidates.Length);
        if (candidates.Length == 1)
        {
            return candidates[0];
        }

        var second = (first + 1 + Random.Shared.Next(candidates.Length - 1)) % candidates.Length;
        return IsBetter(candidates[first], candidates[second]) ? candidates[first] : candidates[second];
    }

    /// <summary>A share of the calls is as good as that part of a whole one, and idle ones are chosen by chance of it.</summary>
    private static bool IsBetter(RemotePeer first, RemotePeer second)
    {
        var (one, other) = ((first.Outstanding + 1) / first.Warmth, (second.Outstanding + 1) / second.Warmth);
        return one == other || (first.Warmth < 1 || second.Warmth < 1 ? Random.Shared.NextDouble() * (one + other) >= one : one < other);
    }
}
