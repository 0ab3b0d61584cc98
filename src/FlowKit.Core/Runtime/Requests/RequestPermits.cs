namespace FlowKit.Runtime.Requests;

/// <summary>
/// The things that a request holds and releases when it is answered: its pipeline, and its permit unless the caller keeps that, and with it
/// the memory.
/// </summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="gate">The gate that the request passed by itself.</param>
/// <param name="kept">The memory of a permit that the caller keeps.</param>
internal struct RequestPermits(FlowPipeline? pipeline, AdmissionGate? gate, MemoryShare? kept = null)
{
    private MemoryShare? _own;

    public readonly FlowPipeline? Pipeline => pipeline;

    /// <summary>The memory of a permit that the caller keeps; <see langword="null"/> where there is none.</summary>
    public readonly MemoryShare? Kept => kept;

    /// <summary>Returns the memory that the request holds: that of the permit, or its own, of which most have no need.</summary>
    public MemoryShare? TakeMemory(bool isSettled)
    {
        if (kept is null && gate is not null && !isSettled)
        {
            _own ??= new MemoryShare(gate.Memory);
        }

        return kept ?? _own;
    }

    public readonly void Release(long entered, long now)
    {
        _own?.Dispose();
        pipeline?.Leave();
        gate?.Leave(entered, now);
    }
}
