using FlowKit.Routing.Shards;

namespace FlowKit.Runtime.Stages;

/// <summary>The end of every road: answers the request. Whether documents stay as they came is the caller's to say.</summary>
internal sealed class ReplyStage : IStage
{
    public bool ReadsDocuments => false;

    public ValueTask SendAsync(WorkItem item)
    {
        if (item.Request.Stream is { } stream)
        {
            return stream.WriteAsync(item.Documents);
        }

        item.Documents.Decode(except: item.Request.Call.AcceptsFormat);
        item.Request.Succeed(item.Request.Order is { } order ? RequestOrder.Restore(item.Documents, order) : item.Documents, item.Moved);
        return ValueTask.CompletedTask;
    }
}
