namespace FlowKit.Serving.Gateway.WebSocket;

/// <summary>A token as a task that can be waited for beside others.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _registration;

    public StopSignal(CancellationToken token) => _registration = token.Register(() => _requested.TrySetResult());

    public Task Task => _requested.Task;

    public void Dispose() => _registration.Dispose();
}
