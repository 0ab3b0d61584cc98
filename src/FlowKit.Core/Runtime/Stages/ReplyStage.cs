namespace FlowKit.Runtime;

/// <summary>The end of every road: answers the request.</summary>
internal sealed class ReplyStage : IPartSink
{
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when every stage before has drained.</summary>
    public Task Completed => _completed.Task;

    public ValueTask SendAsync(RequestPart part)
    {
        part.Request.Succeed(part.Documents);
        return ValueTask.CompletedTask;
    }

    public void Complete() => _completed.TrySetResult();
}
