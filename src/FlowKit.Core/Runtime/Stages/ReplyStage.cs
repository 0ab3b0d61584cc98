using FlowKit.Routing;

namespace FlowKit.Runtime;

/// <summary>The end of every road: answers the request.</summary>
internal sealed class ReplyStage : IPartSink
{
    public ValueTask SendAsync(RequestPart part)
    {
        if (part.Request.Stream is { } stream)
        {
            return stream.WriteAsync(part.Documents);
        }

        part.Request.Succeed(part.Request.Order is { } order ? RequestOrder.Restore(part.Documents, order) : part.Documents, part.Moved);
        return ValueTask.CompletedTask;
    }
}
