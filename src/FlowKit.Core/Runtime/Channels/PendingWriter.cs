namespace FlowKit.Runtime;

/// <summary>Someone who waits for room in an inbox with one part.</summary>
internal sealed class WaitingSender(RequestPart part)
{
    private readonly TaskCompletionSource<bool> _admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RequestPart Part { get; } = part;

    /// <summary>Whether the part got in.</summary>
    public Task<bool> Admitted => _admitted.Task;

    public void Admit() => _admitted.TrySetResult(true);

    public void Refuse() => _admitted.TrySetResult(false);
}
