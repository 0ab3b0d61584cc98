namespace FlowKit.Runtime.Stages;

/// <summary>A stage of a flow: the place to which the one before it sends items.</summary>
internal interface IStage
{
    /// <summary>Tells whether it looks at documents. One that does not is given those that came in a message as they are.</summary>
    bool ReadsDocuments => true;

    /// <summary>Sends an item on, waiting while the next stage is full.</summary>
    ValueTask SendAsync(WorkItem item);

    /// <summary>Says that an item has failed: the request with it, unless this sink knows better.</summary>
    ValueTask FailAsync(WorkItem item, FlowError error)
    {
        item.Request.Fail(error, item.IsReleased ? item.Documents : null);
        return ValueTask.CompletedTask;
    }
}
