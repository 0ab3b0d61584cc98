namespace FlowKit.Serving.Gateway;

/// <summary>Behaves like a deployment whose address refuses connections.</summary>
[Executor("Dead")]
public sealed class DeadExecutor : Executor
{
    [Requests]
    public void Fail() => throw new FlowKitException(FlowErrorCode.Unavailable, "failed to connect to all addresses");
}
