using System.Globalization;

namespace FlowKit.VectorStores.Duplicates;

/// <summary>
/// Looks at documents before they are written: one whose nearest other document, of the store or before it in its request, reaches the
/// threshold is a duplicate. The nearest are found exactly.
/// </summary>
/// <param name="threshold">The score from which two documents are duplicates.</param>
/// <param name="action">The way in which a duplicate is written.</param>
/// <param name="metric">The measure of nearness.</param>
internal sealed class DuplicateCheck(float threshold, OnDuplicate action, VectorMetric metric)
{
    /// <summary>The tag of a duplicate: the id of the document that it is nearest to.</summary>
    public const string Tag = "duplicate_of";

    private const int Batch = 64;

    private static readonly FieldSelection s_idAlone = FieldSelection.Parse([], "return");

    /// <summary>Returns the documents that are written; a duplicate has its tag, or has failed and is left out.</summary>
    /// <param name="store">The store.</param>
    /// <param name="documents">Each document of the request with what is written for it, all of one kind.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<List<Document>> SortAsync(
        IVectorStore store, IReadOnlyList<(Document Asked, Document Written)> documents, CancellationToken cancellationToken)
    {
        // Only the last of one id is written, and what is stored under an id of the request is replaced: neither is compared with.
        var last = documents.Select((pair, i) => (pair.Written.Id, i)).GroupBy(pair => pair.Id, pair => pair.i, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Last(), StringComparer.Ordinal);
        var replaced = (await store.GetAsync([.. last.Keys], s_idAlone, cancellationToken)).Count(document => document is not null);
        var search = new VectorSearch
        {
            Limit = 1 + replaced,
            ScoreThreshold = threshold,
            Fields = s_idAlone,
            Exact = store.Capabilities.Approximate,
        };
        var written = new List<Document>(last.Count);
        foreach (var batch in documents.Where((pair, i) => last[pair.Written.Id] == i).Chunk(Batch))
        {
            var stored = await store.SearchAsync([.. batch.Select(pair => pair.Written)], search, cancellationToken);
            foreach (var ((asked, document), found) in batch.Zip(stored))
            {
                var others = found.Where(match => !last.ContainsKey(match.Id))
                    .Select(match => new Nearest(match.Id, match.Scores[metric.NameOf()].Value));
                if (IsWritten(asked, document, NearestOf(document, others, written)))
                {
                    written.Add(document);
                }
            }
        }

        return written;
    }

    private Nearest? NearestOf(Document document, IEnumerable<Nearest> stored, List<Document> before)
    {
        var nearest = stored.FirstOrDefault();
        var vector = document.Embedding!.ToFloats();
        foreach (var other in before)
        {
            var score = VectorNearness.Score(metric, vector, other.Embedding!.ToFloats());
            if (metric.Reaches(score, nearest?.Score ?? threshold) && (nearest is null || !metric.Reaches(nearest.Score, score)))
            {
                nearest = new Nearest(other.Id, score);
            }
        }

        return nearest;
    }

    /// <summary>A change that leaves the embedding as it is, makes no duplicate.</summary>
    private bool IsWritten(Document asked, Document document, Nearest? nearest)
    {
        if (asked.Embedding is null)
        {
            return true;
        }

        if (nearest is null)
        {
            if (document.HasTags)
            {
                document.Tags.Remove(Tag);
            }

            return true;
        }

        if (action == OnDuplicate.Keep)
        {
            document.Tags[Tag] = nearest.Id;
            return true;
        }

        asked.Fail(
            FlowErrorCode.FailedPrecondition,
            string.Create(
                CultureInfo.InvariantCulture,
                $"embedding: it is nearly that of '{nearest.Id}' ({metric.NameOf()} {nearest.Score:G4},"
                    + $" duplicate_threshold {threshold})."));
        return false;
    }

    /// <summary>A document that another one is near to.</summary>
    private sealed record Nearest(string Id, float Score);
}
