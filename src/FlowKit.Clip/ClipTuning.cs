namespace FlowKit.Clip;

/// <summary>The goal that a model's threads and calls are tuned for.</summary>
public enum ClipTuning
{
    /// <summary>As many documents per second as possible beside others: waiting threads sleep.</summary>
    Throughput,

    /// <summary>The shortest time for one document: threads spin while a call runs, which costs the neighbours.</summary>
    Latency,
}
