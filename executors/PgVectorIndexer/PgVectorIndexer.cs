using FlowKit.Executors.Sql;
using FlowKit.VectorStores;

namespace FlowKit.Executors;

/// <summary>
/// Keeps documents by their embedding in PostgreSQL with pgvector, and finds the nearest, with filters that PostgreSQL evaluates.
/// </summary>
/// <param name="options">The options, as <c>uses_with</c> sets them.</param>
[Executor(
    "PgVectorIndexer",
    Description = "Nearest-neighbour search over documents in PostgreSQL with pgvector, with filters.",
    State = StateScope.Shared)]
public sealed class PgVectorIndexer(PgVectorIndexerOptions options) : VectorStoreExecutor(options)
{
    private const string ConnectionVariable = "FLOWKIT_POSTGRES";

    /// <inheritdoc/>
    protected override async Task<IVectorStore> OpenAsync(CancellationToken cancellationToken)
    {
        if (Context.Shards > 1)
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"shards: {Context.Shards}: PostgreSQL keeps all documents in one table, which each of them would answer for;"
                + " write replicas.");
        }

        var connection = options.ConnectionString
            ?? Context.Env.GetValueOrDefault(ConnectionVariable)
            ?? Environment.GetEnvironmentVariable(ConnectionVariable)
            ?? throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"connection_string: there is none; write connection_string: ${{{{ ENV.DATABASE_URL }}}} or set {ConnectionVariable}.");
        return await PgVectorStore.OpenAsync(PgDatabase.Open(connection, options, Context.TimeProvider), options, cancellationToken);
    }
}
