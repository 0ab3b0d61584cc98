namespace FlowKit;

/// <summary>
/// A step of a flow. Derive from it, give methods <see cref="RequestsAttribute"/>, and name the class in <c>uses:</c>.
/// Life: constructed (options bound from <c>uses_with</c>), <see cref="LoadAsync"/>, serves, <see cref="DisposeAsync"/>.
/// One replica is called by one request at a time.
/// </summary>
public abstract class Executor : IAsyncDisposable
{
    private static readonly AsyncLocal<ExecutorContext?> s_constructing = new();

    /// <summary>The place where this executor runs; already set while the constructor runs.</summary>
    public ExecutorContext Context { get; } = s_constructing.Value ?? new ExecutorContext();

    /// <summary>Runs a constructor with <paramref name="context"/> as the new executor's <see cref="Context"/>.</summary>
    /// <param name="context">Where the executor will run.</param>
    /// <param name="construct">Calls the constructor.</param>
    public static Executor Construct(ExecutorContext context, Func<Executor> construct)
    {
        ArgumentNullException.ThrowIfNull(construct);
        s_constructing.Value = context;
        try
        {
            return construct();
        }
        finally
        {
            s_constructing.Value = null;
        }
    }

    /// <summary>Loads what serving needs (a model, an index) and warms it up; the flow is not ready before this completes.</summary>
    /// <param name="cancellationToken">Ends the start.</param>
    public virtual Task LoadAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Writes the executor's state into a folder; no <see cref="WriteAttribute"/> method runs meanwhile. By default there is none.
    /// </summary>
    /// <param name="folder">An empty folder of its own.</param>
    /// <param name="cancellationToken">Ends it; what is in the folder is then thrown away.</param>
    public virtual Task SnapshotAsync(string folder, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Takes back the state that <see cref="SnapshotAsync"/> wrote, instead of its own; nothing else runs meanwhile.</summary>
    /// <param name="folder">The folder; it stays as it is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public virtual Task RestoreAsync(string folder, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
