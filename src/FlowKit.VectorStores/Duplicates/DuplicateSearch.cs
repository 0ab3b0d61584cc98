namespace FlowKit.VectorStores.Duplicates;

/// <summary>A search for documents that are nearly the same, page by page over a store, by nothing but what every store does.</summary>
/// <param name="scroll">The page of documents whose duplicates are looked for.</param>
/// <param name="search">The search of each of them.</param>
internal sealed class DuplicateSearch(VectorScroll scroll, VectorSearch search)
{
    private const int DefaultLimit = 100;

    // Beside itself; of a document that is there more often, some pairs stand under the others of its kind.
    private const int MaxDuplicates = 100;
    private const int Batch = 64;

    /// <summary>Reads the parameters.</summary>
    /// <exception cref="FlowKitException">One of them is wrong; its name is in the message.</exception>
    public static DuplicateSearch Read(DuplicateParameters parameters, VectorMetric metric)
    {
        var threshold = ParameterReader.ReadNumber(parameters.ScoreThreshold, "score_threshold", float.MinValue, float.MaxValue)
            ?? throw ParameterReader.Invalid(
                "score_threshold",
                $"there is none; send the score ({metric.NameOf()}) from which two documents count as the same, such as 0.98 of a cosine.");
        var filter = ParameterReader.ReadFilter(parameters.Filter);
        return new DuplicateSearch(
            new VectorScroll
            {
                Limit = ParameterReader.ReadLimit(parameters.Limit, DefaultLimit),
                Cursor = parameters.Cursor,
                Filter = filter,
                Fields = FieldSelection.WithEmbedding,
            },
            new VectorSearch
            {
                Limit = 1 + MaxDuplicates,
                Filter = filter,
                ScoreThreshold = threshold,
                Fields = ParameterReader.ReadFields(parameters.Return, parameters.ReturnEmbeddings),
                Exact = parameters.Exact,
            });
    }

    /// <summary>
    /// Returns the documents of the page that have duplicates, which are their matches. A pair comes once, under the lesser of both ids.
    /// </summary>
    public async Task<VectorPage> RunAsync(IVectorStore store, CancellationToken cancellationToken)
    {
        var page = await store.ScrollAsync(scroll, cancellationToken);
        var found = new List<Document>();
        foreach (var batch in page.Documents.Chunk(Batch))
        {
            var lists = await store.SearchAsync(batch, search, cancellationToken);
            found.AddRange(batch.Zip(lists, Take).OfType<Document>());
        }

        return page with { Documents = found };
    }

    private Document? Take(Document document, DocumentArray found)
    {
        List<Document> duplicates = [.. found.Where(match => string.CompareOrdinal(match.Id, document.Id) > 0)];
        if (duplicates.Count == 0)
        {
            return null;
        }

        document.Embedding = search.Fields.HasEmbedding ? document.Embedding : null;
        var result = search.Fields.Apply(document);
        result.Matches = new DocumentArray(duplicates);
        return result;
    }
}
