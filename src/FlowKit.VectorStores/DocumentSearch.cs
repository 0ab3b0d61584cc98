using FlowKit.VectorStores.Recall;
using FlowKit.VectorStores.Words;

namespace FlowKit.VectorStores;

/// <summary>A search as its parameters say, by embeddings, by words or by both.</summary>
/// <param name="search">The search.</param>
/// <param name="words">The part that words have in it; <see langword="null"/> for none.</param>
/// <param name="metric">The measure of nearness.</param>
/// <param name="shards">The number of shards, above which the page is cut and both lists become one.</param>
internal sealed class DocumentSearch(VectorSearch search, WordBlend? words, VectorMetric metric, int shards)
{
    /// <summary>Reads the parameters.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="options">The options, which say what the parameters do not.</param>
    /// <param name="shards">The number of shards.</param>
    /// <exception cref="FlowKitException">One of them is wrong; its name is in the message.</exception>
    public static DocumentSearch Read(SearchParameters parameters, VectorStoreOptions options, int shards)
    {
        var search = new VectorSearch
        {
            Limit = ParameterReader.ReadLimit(parameters.Limit, options.ChosenLimit),
            Offset = ParameterReader.ReadWhole(parameters.Offset, "offset", 0, VectorSearch.MaxMatches) ?? 0,
            Filter = ParameterReader.ReadFilter(parameters.Filter),
            ScoreThreshold = ParameterReader.ReadNumber(parameters.ScoreThreshold, "score_threshold", float.MinValue, float.MaxValue),
            Fields = ParameterReader.ReadFields(parameters.Return, parameters.ReturnEmbeddings),
            Exact = parameters.Exact,
            Effort = ParameterReader.ReadWhole(parameters.Ef, "ef", 1, VectorSearch.MaxMatches),
        };
        return search.Offset + search.Limit > VectorSearch.MaxMatches
            ? throw ParameterReader.Invalid(
                "offset", $"with the limit it reaches beyond {VectorSearch.MaxMatches} matches; use /get to see all.")
            : new DocumentSearch(search, WordBlend.Read(parameters, search), options.Metric, shards);
    }

    /// <summary>The documents that can be searched with, those of one kind together; the others fail.</summary>
    public List<List<Document>> Group(DocumentArray documents)
    {
        if (words is { Alpha: 0 })
        {
            List<Document> queries = [.. documents.Where(words.Check)];
            return queries.Count == 0 ? [] : [queries];
        }

        return [.. documents.Where(IndexableDocument.CheckEmbedding).GroupBy(VectorStamp.Of).Select(group => group.ToList())];
    }

    /// <summary>Gives each query its matches, or in a shard its candidates with the choice that is left to be made.</summary>
    /// <param name="store">The store.</param>
    /// <param name="queries">The queries, all of one kind.</param>
    /// <param name="sampler">Measures some of the searches; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(
        IVectorStore store, List<Document> queries, RecallSampler? sampler, CancellationToken cancellationToken)
    {
        var wordScore = words?.ScoreOf(store);
        var fusion = words is { Alpha: > 0 } ? words.FusionOf(metric, wordScore!, search) : null;
        var choice = new MatchChoice(search.Offset, search.Limit, fusion);
        var lists = await FindAsync(store, queries, SearchOf(choice), sampler, cancellationToken);
        for (var i = 0; i < queries.Count; i++)
        {
            if (shards > 1 && (fusion is not null || search.Offset > 0))
            {
                choice.Leave(queries[i]);
                queries[i].Matches = new DocumentArray(lists[i]);
            }
            else
            {
                queries[i].Matches = fusion is null ? new DocumentArray(lists[i]) : choice.Choose(lists[i], queries[i].Id);
            }
        }
    }

    /// <summary>Both lists are as long as the window whatever the page, or else pages would be cut out of different lists.</summary>
    private VectorSearch SearchOf(MatchChoice choice)
    {
        if (choice.Fusion is not null)
        {
            return search with { Offset = 0, Limit = choice.Candidates, ScoreThreshold = null };
        }

        return shards > 1 ? search with { Offset = 0, Limit = choice.Candidates } : search;
    }

    private async Task<IReadOnlyList<IReadOnlyList<Document>>> FindAsync(
        IVectorStore store, List<Document> queries, VectorSearch part, RecallSampler? sampler, CancellationToken cancellationToken)
    {
        if (words is null)
        {
            return await FindNearestAsync(store, queries, part, sampler, cancellationToken);
        }

        var byWords = await store.SearchWordsAsync([.. queries.Select(words.QueryOf)], part, cancellationToken);
        return words.Alpha == 0
            ? byWords
            : [.. (await FindNearestAsync(store, queries, part, sampler, cancellationToken)).Zip(byWords, Unite)];
    }

    private static async Task<IReadOnlyList<DocumentArray>> FindNearestAsync(
        IVectorStore store, List<Document> queries, VectorSearch part, RecallSampler? sampler, CancellationToken cancellationToken)
    {
        var found = await store.SearchAsync(queries, part, cancellationToken);
        sampler?.Offer(store, queries, part, found);
        return found;
    }

    /// <summary>Joins two lists: a document that is in both is one match with both scores.</summary>
    private static IReadOnlyList<Document> Unite(DocumentArray byVector, DocumentArray byWords)
    {
        var known = byVector.ToDictionary(match => match.Id, StringComparer.Ordinal);
        List<Document> all = [.. byVector];
        foreach (var match in byWords)
        {
            if (!known.TryGetValue(match.Id, out var same))
            {
                all.Add(match);
                continue;
            }

            foreach (var (name, score) in match.Scores)
            {
                same.Scores[name] = score;
            }
        }

        return all;
    }
}
