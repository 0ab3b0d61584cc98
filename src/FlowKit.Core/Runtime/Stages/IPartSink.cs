namespace FlowKit.Runtime;

/// <summary>Where a stage sends its parts.</summary>
internal interface IPartSink
{
    /// <summary>Sends a part on, waiting while the next stage is full.</summary>
    ValueTask SendAsync(RequestPart part);

    /// <summary>Says that a part has failed: the request with it, unless this sink knows better.</summary>
    ValueTask FailAsync(RequestPart part, FlowError error)
    {
        part.Request.Fail(error);
        return ValueTask.CompletedTask;
    }
}
