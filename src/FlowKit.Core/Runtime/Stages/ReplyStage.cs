using FlowKit.Routing;

namespace FlowKit.Runtime;

/// <summary>The end of every road: answers the request. Whether documents stay as they came is the caller's to say.</summary>
internal sealed class ReplyStage : IPartSink
{
    public bool ReadsDocuments => false;

    public ValueTask SendAsync(RequestPart part)
    {
        if (part.Request.Stream is { } stream)
        {
            return stream.WriteAsync(part.Documents);
        }

        part.Documents.Decode(except: part.Request.Call.AcceptsFormat);
        part.Request.Succeed(part.Request.Order is { } order ? RequestOrder.Restore(part.Documents, order) : part.Documents, part.Moved);
        return ValueTask.CompletedTask;
    }
}
