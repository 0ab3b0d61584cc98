using FlowKit.Components;
using FlowKit.Routing;

namespace FlowKit.Runtime;

/// <summary>
/// Waits until a request's part has come on every input, makes one of them, and sends it on. Parts wait in the request itself:
/// a request that fails or is cancelled takes its waiting parts with it, and the stage has nothing to clean up.
/// </summary>
/// <param name="id">Its number, by which requests keep its parts.</param>
/// <param name="inputs">Where its parts come from, in the order of <c>needs</c>.</param>
/// <param name="keepsParts">Whether the next executor gets the parts as they came (<c>no_reduce</c>).</param>
/// <param name="next">Where the joined part goes.</param>
internal sealed class JoinStage(int id, IReadOnlyList<string> inputs, bool keepsParts, IPartSink next)
{
    public IPartSink Input(string from) => new JoinInput(this, inputs.ToList().IndexOf(from));

    private ValueTask ArriveAsync(int input, RequestPart part)
    {
        if (part.Request.Arrive((id, part.Item), input, inputs.Count, part.Documents) is not { } parts)
        {
            return ValueTask.CompletedTask;
        }

        if (keepsParts)
        {
            part.Parts = new PartMatrix(inputs, parts!);
            part.Documents = new DocumentArray(parts.SelectMany(documents => documents!));
        }
        else
        {
            part.Documents = DocumentReducer.Reduce(parts!);
        }

        return next.SendAsync(part);
    }

    private sealed class JoinInput(JoinStage join, int index) : IPartSink
    {
        public ValueTask SendAsync(RequestPart part) => join.ArriveAsync(index, part);
    }
}
