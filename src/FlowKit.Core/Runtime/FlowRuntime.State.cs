using FlowKit.Components;
using FlowKit.Runtime.Executors;
namespace FlowKit.Runtime;

/// <content>Snapshots of what executors keep.</content>
public sealed partial class FlowRuntime
{
    /// <summary>Whether an executor keeps state.</summary>
    public bool HasState => PoolsWithState().Count > 0;

    /// <summary>The folder under which each executor has its own.</summary>
    public string Workspace => _host.Workspace;

    /// <summary>The executors that the flow may use.</summary>
    internal ComponentCatalog Catalog => _host.Catalog;

    /// <summary>Writes the state of every executor that keeps one into <c>&lt;folder&gt;/&lt;executor&gt;/&lt;shard&gt;</c>, while the flow serves; writes to an executor wait while its own is written.</summary>
    /// <param name="folder">A folder that does not exist yet; it appears when everything is written, or not at all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The executors whose state was written.</returns>
    /// <exception cref="FlowKitException">The folder exists, or an executor could not write.</exception>
    public async Task<IReadOnlyList<string>> SnapshotAsync(string folder, CancellationToken cancellationToken)
    {
        if (Path.Exists(folder))
        {
            throw new FlowKitException(FlowErrorCode.FailedPrecondition, $"The snapshot '{folder}' exists already.");
        }

        var unfinished = $"{folder.TrimEnd(Path.DirectorySeparatorChar)}.unfinished";
        var pools = PoolsWithState();
        try
        {
            Directory.CreateDirectory(unfinished);
            await ChangeAsync(token => ForEachAsync(pools, unfinished, (pool, own) => pool.SnapshotAsync(Directory.CreateDirectory(own).FullName, token)), cancellationToken);
            Directory.Move(unfinished, folder);
        }
        catch (IOException exception)
        {
            throw new FlowKitException(FlowErrorCode.FailedPrecondition, $"The snapshot '{folder}' cannot be written: {exception.Message}", exception);
        }
        finally
        {
            if (Directory.Exists(unfinished))
            {
                Directory.Delete(unfinished, recursive: true);
            }
        }

        return [.. pools.Select(pool => pool.Name).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Every executor that keeps state takes back what <see cref="SnapshotAsync"/> wrote; requests to it wait meanwhile.</summary>
    /// <param name="folder">The snapshot's folder.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FlowKitException">The snapshot lacks an executor or a shard, or an executor could not take it.</exception>
    public Task RestoreAsync(string folder, CancellationToken cancellationToken)
    {
        var pools = PoolsWithState();
        return pools.Find(pool => !Directory.Exists(FolderOf(folder, pool))) is { } missing
            ? throw new FlowKitException(FlowErrorCode.NotFound, $"The snapshot '{folder}' has nothing for shard {missing.Shard} of '{missing.Name}'.")
            : ChangeAsync(token => ForEachAsync(pools, folder, (pool, own) => pool.RestoreAsync(own, token)), cancellationToken);
    }

    private List<ExecutorPool> PoolsWithState() => [.. Deployments.SelectMany(deployment => deployment.Shards).Where(pool => pool.HasState)];

    private static async Task ForEachAsync(List<ExecutorPool> pools, string folder, Func<ExecutorPool, string, Task> action)
    {
        foreach (var pool in pools)
        {
            await action(pool, FolderOf(folder, pool));
        }
    }

    private static string FolderOf(string folder, ExecutorPool pool) =>
        Path.Combine(folder, pool.Name, pool.Shard.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
