using FlowKit.Components;
using FlowKit.Routing;
using FlowKit.Runtime.Requests;

namespace FlowKit.Runtime.Stages;

/// <summary>
/// Waits until a request's item has come on every input, makes one of them, and sends it on. Parts wait in the request itself:
/// a request that fails or is cancelled takes its waiting parts with it, and the stage has nothing to clean up.
/// </summary>
/// <param name="id">Its number, by which requests keep its parts.</param>
/// <param name="inputs">Where its parts come from, in the order of <c>needs</c>.</param>
/// <param name="keepsParts">
/// Tells whether the next executor gets the parts as they came (<c>no_reduce</c>); <see langword="null"/> for never.
/// </param>
/// <param name="next">Where the joined item goes.</param>
/// <param name="taken">The number of inputs, from the first, whose documents it takes; the others are only waited for.</param>
internal sealed class JoinStage(
    int id, IReadOnlyList<string> inputs, Func<RequestState, bool>? keepsParts, IStage next, int taken = int.MaxValue)
{
    public IStage Input(string from) => new JoinInput(this, inputs.ToList().IndexOf(from));

    private ValueTask ArriveAsync(int input, WorkItem item)
    {
        if (item.Request.Arrive((id, item.StreamIndex), input, inputs.Count, item.Documents) is not { } parts)
        {
            return ValueTask.CompletedTask;
        }

        if (keepsParts?.Invoke(item.Request) == true)
        {
            item.Parts = new PartMatrix(inputs, parts!);
            item.Documents = new DocumentArray(parts.SelectMany(documents => documents!));
        }
        else
        {
            item.Documents = DocumentReducer.Reduce([.. parts.Take(taken)!]);
        }

        return next.SendAsync(item);
    }

    private sealed class JoinInput(JoinStage join, int index) : IStage
    {
        public ValueTask SendAsync(WorkItem item) => join.ArriveAsync(index, item);
    }
}
