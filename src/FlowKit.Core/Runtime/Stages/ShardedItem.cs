using FlowKit.Routing;
using FlowKit.Routing.Shards;

namespace FlowKit.Runtime.Stages;

/// <summary>An item that went to several shards: what has come back, and what has failed.</summary>
internal sealed class ShardedItem(string executor, WorkItem whole, int expected)
{
    private readonly Lock _lock = new();
    private readonly List<string> _order = [.. whole.Documents.Select(document => document.Id)];
    private int _missing = expected;

    public WorkItem Whole => whole;

    /// <summary>The answers of the shards, in the order of the shards.</summary>
    public List<(int Shard, DocumentArray Documents)> Parts { get; } = [];

    public List<(int Shard, FlowError Error)> Errors { get; } = [];

    /// <summary>
    /// Tells whether each shard has other documents: those of one that failed are then the only ones, and carry the error.
    /// </summary>
    public bool IsSplit { get; init; }

    /// <summary>The number of shards that answered.</summary>
    public int Answered { get; private set; }

    public WorkItem Take(DocumentArray documents)
    {
        var item = whole.With(documents);
        item.Sharded = this;
        return item;
    }

    /// <summary>A shard that has failed has answered: its batches may fail one after another.</summary>
    /// <returns>Whether it was the last.</returns>
    public bool Arrive(int shard, DocumentArray documents, FlowError? error)
    {
        lock (_lock)
        {
            if (Errors.Exists(failed => failed.Shard == shard))
            {
                return false;
            }

            if (error is null)
            {
                Answered++;
                Parts.Add((shard, documents));
            }
            else
            {
                Errors.Add((shard, error));
                if (IsSplit)
                {
                    Parts.Add((shard, Failed(documents, error)));
                }
            }

            if (--_missing > 0)
            {
                return false;
            }

            // What is told of several failures does not depend on which came first.
            Errors.Sort((left, right) => left.Shard.CompareTo(right.Shard));
            Parts.Sort((left, right) => left.Shard.CompareTo(right.Shard));
            return true;
        }
    }

    public DocumentArray Reduce() =>
        ShardReducer.Reduce(
            [.. Parts.Select(item => item.Documents)], ExecutorParameters.For(executor, whole.Request.Call.Parameters), _order);

    /// <summary>Copies: a call that hangs may still write into the documents.</summary>
    private static DocumentArray Failed(DocumentArray documents, FlowError error)
    {
        var failed = documents.Clone();
        foreach (var document in failed)
        {
            document.Error ??= error with { DocumentId = document.Id };
        }

        return failed;
    }
}
