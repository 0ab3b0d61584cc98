using FlowKit.Configuration.Diagnostics;
using FlowKit.Runtime.Executors.Calls;

namespace FlowKit.Runtime.Channels;

/// <summary>An item whose documents go into batches: how many have gone, and what has come back.</summary>
internal sealed class BatchedItem
{
    private readonly HealthyDocuments _healthy;
    private readonly Document[] _answers;
    private int _pending;
    private int _failed;

    public BatchedItem(BatchKey key, BatchPolicy policy, DocumentArray documents)
    {
        Key = key;
        Policy = policy;
        _healthy = new HealthyDocuments(documents, areHealthy: false);
        _answers = new Document[Given.Count];
        _pending = Math.Max(Given.Count, 1);
    }

    public BatchKey Key { get; }

    public BatchPolicy Policy { get; }

    public DocumentArray Given => _healthy.Given;

    /// <summary>The number of documents that have gone into batches; changed only inside the channel's lock.</summary>
    public int Taken { get; set; }

    /// <summary>The first failure of a document by exception.</summary>
    public FlowError? Failure { get; private set; }

    /// <summary>
    /// Tells whether the executor could take none of the documents: then the request has failed, as it would have without batches.
    /// </summary>
    public bool FailedWhole => Failure is not null && Volatile.Read(ref _failed) == Given.Count;

    public void Answer(int index, Document document) => _answers[index] = document;

    public void Fail(int index, FlowError error)
    {
        Failure = error;
        Interlocked.Increment(ref _failed);
        Given[index].Error = SecretValues.Scrub(error) with { DocumentId = Given[index].Id };
        _answers[index] = Given[index];
    }

    /// <returns>Whether this was the last of the item.</returns>
    public bool Finish(int count) => Interlocked.Add(ref _pending, -Math.Max(count, 1)) == 0;

    public DocumentArray Result() => _healthy.Restore(new DocumentArray(_answers));
}
