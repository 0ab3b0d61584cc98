using FlowKit.Runtime;
using FlowKit.Serving.Grpc;

namespace FlowKit.Serving.Ipc;

/// <summary>A gateway that asks. Its deadline is the flow's to keep, and that an answer is an error stands in the answer.</summary>
/// <param name="timeout">How long it waits.</param>
/// <param name="time">Time.</param>
/// <param name="gone">Ends when it closes the connection.</param>
internal sealed class IpcCaller(TimeSpan? timeout, TimeProvider time, CancellationToken gone) : ICaller
{
    private readonly long _arrived = time.GetTimestamp();

    public Priority Priority => Priority.Normal;

    public TimeSpan? TimeLeft => timeout - time.GetElapsedTime(_arrived);

    public bool HasExpired => TimeLeft <= TimeSpan.Zero;

    public CancellationToken CancellationToken => gone;

    public Gateway.Security.Caller? Holder => null;

    public void SayError()
    {
    }
}
