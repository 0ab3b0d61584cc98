namespace FlowKit.Runtime;

/// <summary>Where a stage sends its parts.</summary>
internal interface IPartSink
{
    /// <summary>Whether it looks at documents. One that does not is given those that came in a message as they are.</summary>
    bool ReadsDocuments => true;

    /// <summary>Sends a part on, waiting while the next stage is full.</summary>
    ValueTask SendAsync(RequestPart part);

    /// <summary>Says that a part has failed: the request with it, unless this sink knows better.</summary>
    ValueTask FailAsync(RequestPart part, FlowError error)
    {
        part.Request.Fail(error);
        return ValueTask.CompletedTask;
    }
}
