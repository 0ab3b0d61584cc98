namespace FlowKit;

/// <summary>
/// Says who shares an executor's state, which decides how an engine of many machines may run it: a replica that has its own keeps its
/// volume and is the only one of its shard, all others may be any number that come and go.
/// </summary>
public enum StateScope
{
    /// <summary>
    /// Nothing is said, the default: <see cref="Replica"/> where <see cref="Executor.SnapshotAsync"/> is overridden, otherwise
    /// <see cref="None"/>.
    /// </summary>
    Undeclared,

    /// <summary>There is none, or none that must outlive the replica.</summary>
    None,

    /// <summary>Each replica has its own, in the workspace.</summary>
    Replica,

    /// <summary>It lies in one place for all replicas, such as a database, where each may read and write at any time.</summary>
    Shared,
}
