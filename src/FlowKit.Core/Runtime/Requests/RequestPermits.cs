namespace FlowKit.Runtime.Requests;

/// <summary>
/// The things that a request holds and releases when it is answered: its pipeline, and its permit unless the caller keeps that.
/// </summary>
internal readonly struct RequestPermits(FlowPipeline? pipeline, AdmissionGate? gate)
{
    public void Release(long entered, long now)
    {
        pipeline?.Leave();
        gate?.Leave(entered, now);
    }
}
