using System.Threading.Tasks.Sources;

namespace FlowKit.Runtime;

/// <summary>One reader of an inbox: what it waits on is made once and used again.</summary>
internal sealed class InboxReader : IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };

    /// <summary>Set inside the inbox's lock: this reader takes nothing more.</summary>
    public bool IsRetired { get; set; }

    public ValueTask<bool> Arm()
    {
        _core.Reset();
        return new ValueTask<bool>(this, _core.Version);
    }

    public void Wake() => _core.SetResult(true);

    public bool GetResult(short token) => _core.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
