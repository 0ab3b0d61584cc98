using FlowKit.Configuration.Conditions;

namespace FlowKit.Runtime;

/// <summary>Lets the documents through that match; when none does, the executor is passed by.</summary>
/// <param name="condition">The condition.</param>
/// <param name="passBy">The way around the executor.</param>
/// <param name="next">The executor.</param>
internal sealed class ConditionStage(DocumentCondition condition, Func<RequestPart, ValueTask> passBy, IPartSink next) : IPartSink
{
    public ValueTask SendAsync(RequestPart part)
    {
        var had = part.Documents.Count;
        try
        {
            part.Documents = new DocumentArray(part.Documents.Where(condition.Matches));
        }
        catch (FlowKitException exception)
        {
            part.Request.Fail(exception.Error);
            return ValueTask.CompletedTask;
        }

        return part.Documents.Count == 0 && had > 0 ? passBy(part) : next.SendAsync(part);
    }
}
