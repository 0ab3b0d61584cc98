namespace FlowKit.Serving.Remote;

/// <summary>Streams what a test makes.</summary>
[Executor("Streaming")]
public sealed class StreamingExecutor : Executor
{
    private static readonly AsyncLocal<Func<DocumentArray, CancellationToken, IAsyncEnumerable<Document>>?> s_make = new();

    private readonly Func<DocumentArray, CancellationToken, IAsyncEnumerable<Document>> _make = s_make.Value!;

    /// <summary>What the executors that are made next in this flow of control stream.</summary>
    internal static Func<DocumentArray, CancellationToken, IAsyncEnumerable<Document>> Make { set => s_make.Value = value; }

    [Requests("/stream")]
    public IAsyncEnumerable<Document> StreamAsync(DocumentArray docs, CancellationToken cancellationToken) => _make(docs, cancellationToken);
}
