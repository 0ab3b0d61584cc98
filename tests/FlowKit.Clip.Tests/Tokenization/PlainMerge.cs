namespace FlowKit.Clip.Tests;

/// <summary>Byte-pair merging as OpenAI wrote it, quadratic and plain, over the ids of ASCII words.</summary>
internal static class PlainMerge
{
    internal static int[] Of(ClipTokenizer tokenizer, string word)
    {
        var vocabulary = tokenizer.Vocabulary;
        var ids = word.Select((letter, i) => vocabulary.ByteId((byte)letter, i == word.Length - 1)).ToList();
        while (true)
        {
            var best = int.MaxValue;
            (int Left, int Right, int Merged) pair = default;
            for (var i = 0; i + 1 < ids.Count; i++)
            {
                if (vocabulary.TryMerge(ids[i], ids[i + 1], out var rank, out var merged) && rank < best)
                {
                    (best, pair) = (rank, (ids[i], ids[i + 1], merged));
                }
            }

            if (best == int.MaxValue)
            {
                return [.. ids];
            }

            for (var i = 0; i + 1 < ids.Count; i++)
            {
                if (ids[i] == pair.Left && ids[i + 1] == pair.Right)
                {
                    ids[i] = pair.Merged;
                    ids.RemoveAt(i + 1);
                }
            }
        }
    }
}
