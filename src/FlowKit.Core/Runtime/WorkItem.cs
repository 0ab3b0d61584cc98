using FlowKit.Components;
using FlowKit.Runtime.Channels;
using FlowKit.Runtime.Requests;
using FlowKit.Runtime.Stages;

namespace FlowKit.Runtime;

/// <summary>The unit that moves from stage to stage: a request with the documents of one of its branches.</summary>
internal sealed class WorkItem(RequestState request, DocumentArray documents)
{
    private DocumentArray _documents = documents;

    public RequestState Request { get; } = request;

    public DocumentArray Documents
    {
        get => _documents;
        set => (_documents, IsHealthy) = (value, false);
    }

    /// <summary>The parts it was joined from, where the next executor wants them apart.</summary>
    public PartMatrix? Parts { get; set; }

    /// <summary>The position of its document in a stream; 0 outside streams. Joins wait for items of one index.</summary>
    public int StreamIndex { get; init; }

    /// <summary>The stage in whose channel it is, or by whose executor it is held.</summary>
    public ExecutorStage Stage { get; set; } = null!;

    /// <summary>Tells whether its documents were all found healthy by the executor that sent them on.</summary>
    public bool IsHealthy { get; private set; }

    /// <summary>The time at which the executor before let it go; 0 when that is not known, or long ago.</summary>
    public long Moved { get; set; }

    /// <summary>The number of calls that the thread that brings it has made for it on the spot, one inside the other.</summary>
    public int Depth { get; set; }

    /// <summary>The time at which it came to that stage.</summary>
    public long Enqueued { get; set; }

    /// <summary>The room that it takes there.</summary>
    public QueueUsage Usage { get; set; }

    /// <summary>The number of times that it has been tried there.</summary>
    public int Attempts { get; set; }

    /// <summary>The progress of its documents into batches, where they go into any.</summary>
    public BatchedItem? Batched { get; set; }

    /// <summary>The item it is a share of, where several shards work on it.</summary>
    public ShardedItem? Sharded { get; set; }

    /// <summary>The copy that the next attempt gets, where the running call may hang: a copy from before.</summary>
    public WorkItem? RetryCopy { get; set; }

    /// <summary>
    /// Tells whether its executor has failed and holds the documents no longer, so that whoever asked may have them back.
    /// </summary>
    public bool IsReleased { get; set; }

    /// <summary>Takes over an executor's answer.</summary>
    public void SetAnswer(DocumentArray answer, bool isHealthy, long moved) =>
        (_documents, IsHealthy, Moved, Parts, RetryCopy, Attempts) = (answer, isHealthy, moved, null, null, 0);

    /// <summary>Copies the item for the next attempt at the same stage, with documents of its own.</summary>
    public WorkItem CopyForRetry()
    {
        var copies = new Dictionary<Document, Document>(ReferenceEqualityComparer.Instance);
        var copy = With(Copy(Documents));
        copy.Stage = Stage;
        copy.Parts = Parts is null ? null : new PartMatrix(Parts.Names, [.. Parts.Parts.Select(Copy)]);
        copy.Attempts = Attempts + 1;
        return copy;

        // A joined item has its documents twice, and they must stay the same ones.
        DocumentArray Copy(DocumentArray documents) =>
            documents.Deferred is { } deferred
                ? new(deferred)
                : new(
                    documents.Select(
                        document => copies.TryGetValue(document, out var known) ? known : copies[document] = document.Clone()));
    }

    /// <summary>An item of the same place in its stream with other documents.</summary>
    public WorkItem With(DocumentArray documents) =>
        new(Request, documents) { StreamIndex = StreamIndex, Sharded = Sharded, Depth = Depth };
}
