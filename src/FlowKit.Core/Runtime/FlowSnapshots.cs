using System.Globalization;
using FlowKit.Runtime.Executors;

namespace FlowKit.Runtime;

/// <summary>Writes what the executors of a flow keep into a folder, and has them take it back.</summary>
internal sealed class FlowSnapshots(FlowDeployer deployer)
{
    /// <summary>Tells whether an executor keeps state.</summary>
    public bool HasState => PoolsWithState().Count > 0;

    /// <summary>Writes the state of every executor that keeps one into <c>&lt;folder&gt;/&lt;executor&gt;/&lt;shard&gt;</c>.</summary>
    /// <param name="folder">A folder that does not exist yet; it appears when everything is written, or not at all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The executors whose state was written.</returns>
    /// <exception cref="FlowKitException">The folder exists, or an executor could not write.</exception>
    public async Task<IReadOnlyList<string>> WriteAsync(string folder, CancellationToken cancellationToken)
    {
        if (Path.Exists(folder))
        {
            throw new FlowKitException(FlowErrorCode.FailedPrecondition, $"The snapshot '{folder}' exists already.");
        }

        var unfinished = $"{folder.TrimEnd(Path.DirectorySeparatorChar)}.unfinished";
        var pools = PoolsWithState();
        try
        {
            // One that was killed has left what it had written.
            UnfinishedFolder.Remove(unfinished);
            PrivateFolder.Create(unfinished);
            await deployer.ChangeAsync(
                token => ForEachAsync(pools, unfinished, (pool, own) => pool.SnapshotAsync(PrivateFolder.Create(own).FullName, token)),
                cancellationToken);
            Directory.Move(unfinished, folder);
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            throw FileFailure.OfWriting($"The snapshot '{folder}'", exception);
        }
        finally
        {
            UnfinishedFolder.Remove(unfinished);
        }

        return [.. pools.Select(pool => pool.Name).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Has every executor that keeps state take back what <see cref="WriteAsync"/> wrote.</summary>
    /// <param name="folder">The snapshot's folder.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FlowKitException">The snapshot lacks an executor or a shard, or an executor could not take it.</exception>
    public Task RestoreAsync(string folder, CancellationToken cancellationToken)
    {
        var pools = PoolsWithState();
        return pools.Find(pool => !Directory.Exists(FolderOf(folder, pool))) is { } missing
            ? throw new FlowKitException(
                FlowErrorCode.NotFound, $"The snapshot '{folder}' has nothing for shard {missing.Shard} of '{missing.Name}'.")
            : deployer.ChangeAsync(token => ForEachAsync(pools, folder, (pool, own) => pool.RestoreAsync(own, token)), cancellationToken);
    }

    private List<ExecutorPool> PoolsWithState() =>
        [.. deployer.Pipeline.Ordered.SelectMany(deployment => deployment.Shards).Where(pool => pool.HasState)];

    private static async Task ForEachAsync(List<ExecutorPool> pools, string folder, Func<ExecutorPool, string, Task> action)
    {
        foreach (var pool in pools)
        {
            await action(pool, FolderOf(folder, pool));
        }
    }

    private static string FolderOf(string folder, ExecutorPool pool) =>
        Path.Combine(folder, pool.Name, pool.Shard.ToString(CultureInfo.InvariantCulture));
}
