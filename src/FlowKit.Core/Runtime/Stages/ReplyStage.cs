using FlowKit.Routing;

namespace FlowKit.Runtime;

/// <summary>The end of every road: answers the request.</summary>
/// <param name="restoresOrder">Whether branches with conditions may have changed the order of the documents.</param>
internal sealed class ReplyStage(bool restoresOrder) : IPartSink
{
    public ValueTask SendAsync(RequestPart part)
    {
        if (part.Request.Stream is { } stream)
        {
            return stream.WriteAsync(part.Documents);
        }

        part.Request.Succeed(restoresOrder ? RequestOrder.Restore(part.Documents, part.Request.Order!) : part.Documents);
        return ValueTask.CompletedTask;
    }
}
