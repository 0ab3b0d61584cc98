namespace FlowKit.Runtime.Requests;

/// <summary>
/// The things that a request holds and releases when it is answered: its pipeline, and its permit unless the caller keeps that, and with it
/// the memory.
/// </summary>
internal readonly struct RequestPermits(FlowPipeline? pipeline, AdmissionGate? gate, MemoryShare? memory = null)
{
    public FlowPipeline? Pipeline => pipeline;

    /// <summary>The memory that the caller's permit holds; <see langword="null"/> where there is none.</summary>
    public MemoryShare? Memory => memory;

    /// <summary>The memory of which a request without a caller's permit takes a share of its own.</summary>
    public MemoryBudget? Budget => gate?.Memory;

    public void Release(long entered, long now)
    {
        pipeline?.Leave();
        gate?.Leave(entered, now);
    }
}
