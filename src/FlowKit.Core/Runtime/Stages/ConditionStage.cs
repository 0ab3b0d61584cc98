using FlowKit.Components;
using FlowKit.Runtime.Requests;

namespace FlowKit.Runtime.Stages;

/// <summary>
/// Lets the documents through that match; when none does, the executor is passed by. As in Jina one that is passed by anyway keeps none
/// back.
/// </summary>
/// <param name="condition">The condition.</param>
/// <param name="calls">Tells whether the executor is called for a request.</param>
/// <param name="passBy">The way around the executor.</param>
/// <param name="next">The executor.</param>
internal sealed class ConditionStage(
    DocumentCondition condition, Func<RequestState, bool> calls, Func<WorkItem, ValueTask> passBy, IStage next) : IStage
{
    public ValueTask SendAsync(WorkItem item)
    {
        if (!calls(item.Request))
        {
            return passBy(item);
        }

        var had = item.Documents.Count;
        try
        {
            item.Documents = Filter(item.Documents);
            item.Parts = item.Parts is { } parts ? new PartMatrix(parts.Names, [.. parts.Parts.Select(Filter)]) : null;
        }
        catch (FlowKitException exception)
        {
            item.Request.Fail(exception.Error);
            return ValueTask.CompletedTask;
        }

        return item.Documents.Count == 0 && had > 0 ? passBy(item) : next.SendAsync(item);
    }

    private DocumentArray Filter(DocumentArray documents) => new(documents.Where(condition.Matches));
}
