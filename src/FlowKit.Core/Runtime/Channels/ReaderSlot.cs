using System.Threading.Tasks.Sources;
using FlowKit.Runtime.Executors;

namespace FlowKit.Runtime.Channels;

/// <summary>A reader's place in a channel: what it waits on is made once and used again.</summary>
internal sealed class ReaderSlot : IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };

    private bool _isServing = true;
    private bool _isRetired;

    /// <summary>The replica that reads here, for who rents the reader.</summary>
    public Replica? Replica { get; set; }

    /// <summary>Tells whether it is at work, between two waits for more, or waits to be rented.</summary>
    public bool IsServing
    {
        get => Volatile.Read(ref _isServing);
        set => Volatile.Write(ref _isServing, value);
    }

    /// <summary>Set inside the channel's lock: this reader reads nothing more.</summary>
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
