using FlowKit.Clip.Inference.Caching;
using FlowKit.Clip.Inference.Texts;

namespace FlowKit.Clip;

/// <content>Texts to embeddings.</content>
public sealed partial class ClipModel
{
    /// <summary>Embeds texts.</summary>
    /// <param name="texts">The texts; too long ones are cut, see <see cref="TokenizedText.Truncated"/>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>One embedding of <see cref="Dimension"/> values per text, in order.</returns>
    public float[][] EncodeTexts(IReadOnlyList<string> texts, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return EncodeTokens([.. texts.Select(text => Tokenizer.Encode(text))], cancellation);
    }

    /// <summary>Embeds texts that are tokenized already.</summary>
    /// <param name="texts">Texts as <see cref="Tokenizer"/> returned them.</param>
    /// <param name="cancellation">Gives up.</param>
    public float[][] EncodeTokens(IReadOnlyList<TokenizedText> texts, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var tower = Text();
        var result = new float[texts.Count][];
        var keys = _texts.IsOn ? texts.Select(ContentKey.Of).ToArray() : [];
        for (var i = 0; i < keys.Length; i++)
        {
            result[i] = _texts.Find(keys[i])!;
        }

        // Texts of like length together: each call is as long as its longest.
        var order = Enumerable.Range(0, texts.Count).Where(i => result[i] is null).OrderBy(i => texts[i].Length).ToArray();
        var sorted = order.Select(i => texts[i]).ToArray();
        var embeddings = new float[order.Length][];
        foreach (var (start, count) in TextBatches(sorted, tower))
        {
            tower.Run(sorted.AsSpan(start, count), embeddings.AsSpan(start, count), cancellation);
        }

        for (var i = 0; i < order.Length; i++)
        {
            result[order[i]] = embeddings[i];
            if (keys.Length > 0)
            {
                _texts.Add(keys[order[i]], embeddings[i]);
            }
        }

        return result;
    }

    /// <summary>On a CPU a larger batch is no faster by itself, so that each length runs alone; on a GPU it is.</summary>
    private IEnumerable<(int Start, int Count)> TextBatches(TokenizedText[] sorted, TextTower tower)
    {
        var most = BatchSize(tower.FixedBatch);
        var apart = tower.Lengths.AreFree && tower.Device == "cpu";
        for (var start = 0; start < sorted.Length;)
        {
            var end = start + 1;
            while (end < sorted.Length && end - start < most && (!apart || tower.Lengths.Bucket(sorted[end]) == tower.Lengths.Bucket(sorted[start])))
            {
                end++;
            }

            yield return (start, end - start);
            start = end;
        }
    }
}
