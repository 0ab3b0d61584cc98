using FlowKit.VectorStores;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary>The endpoints of an indexer for tests that go on when a call has ended.</summary>
internal sealed class BlockingIndexer(VectorStoreExecutor indexer)
{
    public void Index(DocumentArray docs) => indexer.IndexAsync(docs, CancellationToken.None).GetAwaiter().GetResult();

    public void Update(DocumentArray docs) => indexer.UpdateAsync(docs, CancellationToken.None).GetAwaiter().GetResult();

    public object Delete(DocumentArray docs, DeleteParameters parameters) =>
        indexer.DeleteAsync(docs, parameters, CancellationToken.None).GetAwaiter().GetResult();

    public void Search(DocumentArray docs, SearchParameters parameters, CancellationToken cancellationToken) =>
        indexer.SearchAsync(docs, parameters, cancellationToken).GetAwaiter().GetResult();

    public ExecutorAnswer Get(DocumentArray docs, GetParameters parameters) =>
        indexer.GetAsync(docs, parameters, CancellationToken.None).GetAwaiter().GetResult();

    public object Count(CountParameters parameters) => indexer.CountAsync(parameters, CancellationToken.None).GetAwaiter().GetResult();

    public object Status() => indexer.StatusAsync(CancellationToken.None).GetAwaiter().GetResult();

    public Task SnapshotAsync(string folder, CancellationToken cancellationToken) => indexer.SnapshotAsync(folder, cancellationToken);

    public Task RestoreAsync(string folder, CancellationToken cancellationToken) => indexer.RestoreAsync(folder, cancellationToken);
}
