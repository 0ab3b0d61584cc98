/// <summary>The smallest text encoder: how often each letter occurs. Requests are put together, as for a model that is faster in batches.</summary>
public sealed class Letters : Executor
{
    [Requests("/index", "/search", "/update")]
    [DynamicBatching(PreferredBatchSize = 32, Timeout = 5)]
    public void Run(DocumentArray docs)
    {
        foreach (var doc in docs)
        {
            var counts = new float[26];
            foreach (var letter in (doc.Text ?? "").ToLowerInvariant().Where(char.IsAsciiLetterLower))
            {
                counts[letter - 'a']++;
            }

            doc.Embedding = NdArray.Wrap(counts);
            doc.Tags["batch"] = docs.Count;
        }
    }
}
