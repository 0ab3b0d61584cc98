namespace FlowKit.Runtime;

/// <summary>
/// A place in the flow for one request, with the memory that it holds, taken before its body is read; disposing it gives both back.
/// </summary>
public sealed class AdmissionPermit : MemoryShare
{
    /// <summary>
    /// The bytes that every request holds from the beginning, so that a small one, with its documents and its reply, never asks again.
    /// </summary>
    internal const long SmallRequest = 64 << 10;

    private readonly AdmissionGate _gate;
    private readonly long _entered;
    private bool _isGivenBack;

    internal AdmissionPermit(AdmissionGate gate, long entered)
        : base(gate.Memory, SmallRequest)
    {
        _gate = gate;
        _entered = entered;
    }

    /// <summary>Gives the place back and keeps the memory, for a reply that still waits to be sent.</summary>
    internal void Leave()
    {
        if (!Interlocked.Exchange(ref _isGivenBack, true))
        {
            _gate.Leave(_entered);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool isDisposing)
    {
        base.Dispose(isDisposing);
        Leave();
    }
}
