namespace FlowKit.Benchmarks.Runtime;

/// <summary>Documents with someone who waits for them: the least that a pipeline written by hand must carry to answer its callers.</summary>
internal sealed class AskedRequest(DocumentArray documents)
{
    private readonly TaskCompletionSource<DocumentArray> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<DocumentArray> Reply => _reply.Task;

    public void Answer() => _reply.SetResult(documents);
}
