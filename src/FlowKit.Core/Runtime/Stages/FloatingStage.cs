namespace FlowKit.Runtime;

/// <summary>The way to a floating executor: a request of its own with documents of its own, for which no reply waits.</summary>
internal sealed class FloatingStage(FloatingRequests requests, FlowWiring wiring, IPartSink next) : IPartSink
{
    public bool ReadsDocuments => next.ReadsDocuments;

    public async ValueTask SendAsync(RequestPart part)
    {
        if (part.Request.IsSettled)
        {
            return;
        }

        var detached = requests.Detach(part, wiring);
        try
        {
            await next.SendAsync(new RequestPart(detached, part.Documents)).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            detached.Fail(FlowError.From(exception));
        }
    }
}
