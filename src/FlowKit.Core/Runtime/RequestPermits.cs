namespace FlowKit.Runtime;

/// <summary>What a request holds and gives back when it is answered: its wiring, and its permit unless the caller keeps that.</summary>
internal readonly struct RequestPlaces(FlowWiring? wiring, AdmissionGate? gate)
{
    public void Leave(long entered, long now)
    {
        wiring?.Leave();
        gate?.Leave(entered, now);
    }
}
