namespace FlowKit.Benchmarks.Runtime;

/// <summary>Leaves documents as they are, so that only the road between executors is measured.</summary>
[Executor("NoOp")]
public sealed class NoOp : Executor
{
    /// <summary>Answers every endpoint.</summary>
    /// <param name="documents">The documents.</param>
    [Requests]
    public void Run(DocumentArray documents) => ArgumentNullException.ThrowIfNull(documents);
}
