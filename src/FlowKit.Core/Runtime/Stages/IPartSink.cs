namespace FlowKit.Runtime;

/// <summary>Where a stage sends its parts.</summary>
internal interface IPartSink
{
    /// <summary>Sends a part on, waiting while the next stage is full.</summary>
    ValueTask SendAsync(RequestPart part);

    /// <summary>Says that this sender will send no more.</summary>
    void Complete();
}
