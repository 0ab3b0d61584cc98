namespace FlowKit.Runtime.Properties;

/// <summary>Puts its mark on documents that come by one endpoint and lets others pass.</summary>
/// <param name="trial">The number of its trial.</param>
[Executor(Name)]
public sealed class MarksOnRun(int trial) : Executor
{
    public const string Name = "MarksOnRun";

    private readonly MarkingWork _work = FlowTrial.WorkOf(trial);

    [Requests("/run")]
    public Task<DocumentArray?> Run(DocumentArray documents, Parameters parameters, CancellationToken cancellationToken) =>
        _work.RunAsync(Context, documents, parameters, writes: false, cancellationToken);

    public override ValueTask DisposeAsync()
    {
        _work.Dispose();
        return base.DisposeAsync();
    }
}
