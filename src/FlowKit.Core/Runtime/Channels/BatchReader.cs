using System.Threading.Tasks.Sources;
using FlowKit.Runtime.Executors;

namespace FlowKit.Runtime.Channels;

/// <summary>One reader of a channel: what it waits on is made once and used again.</summary>
internal sealed class BatchReader(Replica? replica = null) : IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };

    private bool _isServing = true;
    private bool _isRetired;

    /// <summary>Who reads.</summary>
    public Replica? Replica => replica;

    /// <summary>Whether it is at work, between two waits for more, or waits to be lent.</summary>
    public bool IsServing
    {
        get => Volatile.Read(ref _isServing);
        set => Volatile.Write(ref _isServing, value);
    }

    /// <summary>Set inside the channel's lock: this reader takes nothing more.</summary>
    public bool IsRetired
    {
        get => Volatile.Read(ref _isRetired);
        set => Volatile.Write(ref _isRetired, value);
    }

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
