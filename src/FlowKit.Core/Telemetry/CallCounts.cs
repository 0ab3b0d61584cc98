namespace FlowKit.Telemetry;

/// <summary>The calls of an executor, or the requests of a flow, counted while somebody watches.</summary>
internal sealed class CallCounts
{
    private long _calls;
    private long _documents;
    private long _errors;

    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>Documents of the requests that these calls were for.</summary>
    public long Documents => Interlocked.Read(ref _documents);

    public long Errors => Interlocked.Read(ref _errors);

    public DurationCounts Durations { get; } = new();

    public void Add(TimeSpan duration, int documents, bool failed)
    {
        Interlocked.Increment(ref _calls);
        Interlocked.Add(ref _documents, documents);
        Durations.Add(duration);
        if (failed)
        {
            Interlocked.Increment(ref _errors);
        }
    }
}
