namespace FlowKit.Serving.Gateway;

/// <summary>Behaves like an executor that takes longer than <c>timeout_send</c>.</summary>
[Executor("Slow")]
public sealed class SlowExecutor : Executor
{
    [Requests]
    public Task WaitAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);
}
