namespace FlowKit.Benchmarks.Runtime;

/// <summary>Takes its time for each call and none of the cores: what a device or a service elsewhere does.</summary>
[Executor("SleepWork")]
public sealed class SleepWork : Executor
{
    private readonly TimeSpan _time;

    /// <summary>Makes it.</summary>
    /// <param name="milliseconds">How long a call takes, however many documents it has.</param>
    public SleepWork(double milliseconds) => _time = TimeSpan.FromMilliseconds(milliseconds);

    /// <summary>Answers every endpoint.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="cancellationToken">Ends the sleep.</param>
    [Requests]
    public Task RunAsync(DocumentArray documents, CancellationToken cancellationToken) => Task.Delay(_time, Context.TimeProvider, cancellationToken);
}
