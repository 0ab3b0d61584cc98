using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit;

/// <summary>
/// The choice that is still to be made among a document's matches. What one shard finds are candidates: only above all shards can a page
/// be cut, and a place in a list be known. The choice travels in the document's metadata, and whoever makes it takes it out.
/// </summary>
/// <param name="Offset">The number of best matches that are passed over.</param>
/// <param name="Limit">The number of matches.</param>
/// <param name="Fusion">The way in which two lists become one; <see langword="null"/> where the matches are one list.</param>
internal sealed record MatchChoice(int Offset, int Limit, RankFusion? Fusion)
{
    private const string Key = "__match_choice__";

    /// <summary>The number of best candidates that each shard must give.</summary>
    public int Candidates => Fusion?.Window ?? Offset + Limit;

    /// <summary>Makes the choice.</summary>
    /// <param name="matches">The candidates, each id once; those of one list are sorted.</param>
    /// <param name="queryId">The id of the query.</param>
    public DocumentArray Choose(IEnumerable<Document> matches, string queryId) =>
        new((Fusion?.Fuse(matches, queryId) ?? matches).Skip(Offset).Take(Limit));

    /// <summary>Leaves the choice to whoever has the matches of all shards.</summary>
    public void Leave(Document query) => query.Metadata[Key] = JsonSerializer.SerializeToNode(this);

    /// <summary>Takes out the choice that was left; <see langword="null"/> when there is none.</summary>
    public static MatchChoice? Take(Document query)
    {
        if (!query.HasMetadata || !query.Metadata.TryGetPropertyValue(Key, out var left))
        {
            return null;
        }

        query.Metadata.Remove(Key);
        return Read(left);
    }

    /// <summary>Makes the choices that are left where one shard alone was asked.</summary>
    public static void MakeAll(DocumentArray documents)
    {
        foreach (var document in documents)
        {
            if (Take(document) is { } choice)
            {
                document.Matches = choice.Choose(document.HasMatches ? document.Matches : [], document.Id);
            }
        }
    }

    /// <summary>Reads a choice; anything else that a client sent under this name by chance is none.</summary>
    private static MatchChoice? Read(JsonNode? left)
    {
        try
        {
            return left is JsonObject ? left.Deserialize<MatchChoice>() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
