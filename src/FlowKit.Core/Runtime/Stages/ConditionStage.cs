
namespace FlowKit.Runtime.Stages;

/// <summary>Lets the documents through that match; when none does, the executor is passed by.</summary>
/// <param name="condition">The condition.</param>
/// <param name="passBy">The way around the executor.</param>
/// <param name="next">The executor.</param>
internal sealed class ConditionStage(DocumentCondition condition, Func<WorkItem, ValueTask> passBy, IStage next) : IStage
{
    public ValueTask SendAsync(WorkItem item)
    {
        var had = item.Documents.Count;
        try
        {
            item.Documents = new DocumentArray(item.Documents.Where(condition.Matches));
        }
        catch (FlowKitException exception)
        {
            item.Request.Fail(exception.Error);
            return ValueTask.CompletedTask;
        }

        return item.Documents.Count == 0 && had > 0 ? passBy(item) : next.SendAsync(item);
    }
}
