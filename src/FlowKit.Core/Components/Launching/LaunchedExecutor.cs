namespace FlowKit.Components.Launching;

/// <summary>
/// Stands in this process for an executor that runs in one of its own: <see cref="Executor.LoadAsync"/> starts that, and
/// <see cref="Executor.DisposeAsync"/> stops it.
/// </summary>
public abstract class LaunchedExecutor : Executor
{
    /// <summary>Completes when what was started is gone, and says in words how it ended.</summary>
    public abstract Task<string> Ended { get; }

    /// <summary>
    /// Tells how far its start has come, for the error of one that takes too long; <see langword="null"/> when nothing is known.
    /// </summary>
    public virtual string? Progress => null;

    /// <summary>Has the executor answer a call.</summary>
    /// <param name="call">The call.</param>
    /// <returns>What its method returned, as <see cref="EndpointMethod.InvokeAsync"/> gives it.</returns>
    /// <exception cref="FlowKitException">It failed, or is gone.</exception>
    public abstract ValueTask<object?> InvokeAsync(ExecutorCall call);

    /// <summary>Has the executor answer a call with a stream.</summary>
    /// <param name="call">The call.</param>
    /// <param name="streams">Whether its method is known to return one.</param>
    /// <returns>The documents as they come; <see langword="null"/> where the call is answered as a whole.</returns>
    public virtual IAsyncEnumerable<Document>? StreamAsync(ExecutorCall call, bool streams) => null;

    /// <summary>Reads what its process measures itself, beside what is seen of it from here.</summary>
    /// <param name="accepted">The forms that are wanted, as Prometheus' <c>Accept</c> names them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The metrics as text; <see langword="null"/> where it tells none.</returns>
    internal virtual Task<string?> ReadMetricsAsync(string accepted, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(null);

    /// <summary>Ends what was started at once: it hangs, and nobody waits for it any more.</summary>
    public abstract void Kill();

    /// <inheritdoc/>
    public override Task SnapshotAsync(string folder, CancellationToken cancellationToken) => throw Elsewhere();

    /// <inheritdoc/>
    public override Task RestoreAsync(string folder, CancellationToken cancellationToken) => throw Elsewhere();

    private FlowKitException Elsewhere() => new(
        FlowErrorCode.FailedPrecondition,
        $"The state of '{Context.Name}' is not in this process, so that it can be neither written nor taken back here; run it without "
            + $"'runtime' for snapshots.");
}
