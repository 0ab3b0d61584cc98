namespace FlowKit.Serving.Gateway;

/// <summary>Binds an endpoint that nobody asks for.</summary>
[Executor("Idle")]
public sealed class IdleExecutor : Executor
{
    [Requests("/idle")]
    public static void Rest()
    {
    }
}
