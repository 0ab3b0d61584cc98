using FlowKit.VectorStores;
using Microsoft.Extensions.Logging;

namespace FlowKit.Executors;

/// <summary>
/// Keeps documents by their embedding and finds the nearest, exactly. What <c>/index</c>, <c>/update</c> and <c>/delete</c> have
/// acknowledged survives a kill of the process.
/// </summary>
/// <param name="options">The options, as <c>uses_with</c> sets them.</param>
[Executor("VectorIndexer", Description = "Exact nearest-neighbour search over durable documents (SQLite), with filters.")]
public sealed partial class VectorIndexer(VectorIndexerOptions options) : VectorStoreExecutor(options)
{
    /// <inheritdoc/>
    protected override async Task<IVectorStore> OpenAsync(CancellationToken cancellationToken)
    {
        var store = await Task.Run(() => SqliteVectorStore.Acquire(Context.Workspace, StoreOptions.Of(options)), cancellationToken);
        var status = await store.GetStatusAsync(cancellationToken);
        if (status.Damaged.Count > 0 || status.Lost > 0)
        {
            Log.Damaged(Context.Logger, Context.Workspace, status.Damaged.Count, string.Join(", ", status.Damaged.Take(10)), status.Lost);
        }

        return store;
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Error,
            "The index in '{Folder}' is damaged: {Damaged} documents are left out ({Names}), {Lost} are missing; index them again")]
        public static partial void Damaged(ILogger logger, string folder, int damaged, string names, long lost);
    }
}
