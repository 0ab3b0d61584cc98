using FlowKit.Configuration.Executors;

namespace FlowKit.Routing.Shards;

/// <summary>Chooses shards. Safe to use from several threads.</summary>
/// <param name="shards">How many there are, at least 1.</param>
internal sealed class ShardPolling(int shards)
{
    private uint _turn = uint.MaxValue;

    /// <summary>The shards that take part, in their order, and what each gets.</summary>
    /// <param name="mode">
    /// Any: the next shard gets all. All: every shard gets documents of its own, the last the given ones. Hash: the shards that have
    /// documents get them; a request without documents, which may mean any of them, goes to every shard.
    /// </param>
    /// <param name="documents">The request's documents.</param>
    public ShardPart[] Choose(PollingMode mode, DocumentArray documents) => mode switch
    {
        PollingMode.Any => [new ShardPart(Next(), documents)],
        PollingMode.Hash when documents.Count > 0 =>
            [.. Split(documents, shards).Select((part, shard) => new ShardPart(shard, part)).Where(part => part.Documents.Count > 0)],
        _ => [.. Enumerable.Range(0, shards).Select(shard => new ShardPart(shard, shard == shards - 1 ? documents : documents.Clone()))],
    };

    /// <summary>The shard whose turn it is, beginning with 0.</summary>
    public int Next() => (int)(Interlocked.Increment(ref _turn) % (uint)shards);

    /// <summary>The shard that a document belongs to: the same for one id and number of shards everywhere and for ever.</summary>
    /// <param name="id">The document's id.</param>
    /// <param name="shards">How many shards there are.</param>
    public static int ShardOf(string id, int shards) => (int)(StableHash.Of(id) % (ulong)shards);

    /// <summary>Each shard's documents in the order they came, by shard; empty where it has none.</summary>
    /// <param name="documents">The request's documents.</param>
    /// <param name="shards">How many shards there are.</param>
    public static DocumentArray[] Split(DocumentArray documents, int shards)
    {
        var parts = new DocumentArray[shards];
        for (var shard = 0; shard < shards; shard++)
        {
            parts[shard] = [];
        }

        foreach (var document in documents)
        {
            parts[ShardOf(document.Id, shards)].Add(document);
        }

        return parts;
    }
}
