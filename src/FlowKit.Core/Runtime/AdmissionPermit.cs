namespace FlowKit.Runtime;

/// <summary>A place in the flow for one request, taken before its body is read; disposing it gives the place back.</summary>
public sealed class AdmissionPermit : IDisposable
{
    private readonly AdmissionGate _gate;
    private readonly long _entered;
    private bool _isGivenBack;

    internal AdmissionPermit(AdmissionGate gate, long entered)
    {
        _gate = gate;
        _entered = entered;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _isGivenBack, true))
        {
            _gate.Leave(_entered);
        }
    }
}
