using FlowKit.Routing;

namespace FlowKit.Runtime;

/// <summary>
/// Waits until a request's part has come on every input, reduces them, and sends one part on. Parts wait in the request itself:
/// a request that fails or is cancelled takes its waiting parts with it, and the stage has nothing to clean up.
/// </summary>
internal sealed class JoinStage(int id, int inputs, IPartSink next)
{
    private int _completed;

    public IPartSink Input(int index) => new JoinInput(this, index);

    private ValueTask ArriveAsync(int input, RequestPart part)
    {
        if (part.Request.Arrive(id, input, inputs, part.Documents) is not { } parts)
        {
            return ValueTask.CompletedTask;
        }

        part.Documents = DocumentReducer.Reduce(parts);
        return next.SendAsync(part);
    }

    private void CompleteInput()
    {
        if (Interlocked.Increment(ref _completed) == inputs)
        {
            next.Complete();
        }
    }

    private sealed class JoinInput(JoinStage join, int index) : IPartSink
    {
        public ValueTask SendAsync(RequestPart part) => join.ArriveAsync(index, part);

        public void Complete() => join.CompleteInput();
    }
}
