namespace FlowKit.Runtime.Stages;

/// <summary>The way to a floating executor: a request of its own with documents of its own, for which no reply waits.</summary>
internal sealed class FloatingStage(FloatingRequests requests, FlowPipeline pipeline, IStage next) : IStage
{
    public bool ReadsDocuments => next.ReadsDocuments;

    public async ValueTask SendAsync(WorkItem item)
    {
        if (item.Request.IsSettled)
        {
            return;
        }

        var detached = requests.Detach(item, pipeline);
        try
        {
            await next.SendAsync(new WorkItem(detached, item.Documents)).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            detached.Fail(FlowError.From(exception));
        }
    }
}
