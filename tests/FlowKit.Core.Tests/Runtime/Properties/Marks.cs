namespace FlowKit.Runtime.Properties;

/// <summary>Puts its mark on every document, or fails as its plan says.</summary>
/// <param name="trial">The number of its trial.</param>
[Executor(Name)]
public sealed class Marks(int trial) : Executor
{
    public const string Name = "Marks";

    private readonly MarkingWork _work = FlowTrial.WorkOf(trial);

    [Requests]
    public Task<DocumentArray?> Run(DocumentArray documents, Parameters parameters, CancellationToken cancellationToken) =>
        _work.RunAsync(Context, documents, parameters, writes: false, cancellationToken);

    [Write]
    [Requests("/index")]
    public Task<DocumentArray?> Index(DocumentArray documents, Parameters parameters, CancellationToken cancellationToken) =>
        _work.RunAsync(Context, documents, parameters, writes: true, cancellationToken);

    public override ValueTask DisposeAsync()
    {
        _work.Dispose();
        return base.DisposeAsync();
    }
}
