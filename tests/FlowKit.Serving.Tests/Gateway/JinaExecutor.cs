namespace FlowKit.Serving.Gateway;

/// <summary>Does what the executor beside which Jina was measured does.</summary>
[Executor("Cap")]
public sealed class JinaExecutor : Executor
{
    [Requests("/upper")]
    public void Upper(DocumentArray documents)
    {
        foreach (var document in documents)
        {
            document.Text = document.Text?.ToUpperInvariant();
        }
    }

    [Requests("/params")]
    public object Show(Parameters parameters) => new { got = parameters, name = Context.Name };

    [Requests("/fail")]
    public void Fail(DocumentArray documents) => throw new InvalidOperationException($"boom {documents.Count}");

    [Requests("/bad")]
    public void FailOne(DocumentArray documents) => documents[1].Fail(FlowErrorCode.InvalidArgument, "not an image");

    [Requests("/deep")]
    public void FailChunk(DocumentArray documents) => documents[0].Chunks[0].Fail(FlowErrorCode.InvalidArgument, "not an image");

    [Requests("/words")]
    public async IAsyncEnumerable<Document> WordsAsync(DocumentArray documents)
    {
        foreach (var word in documents.SelectMany(document => (document.Text ?? "").Split(' ')))
        {
            await Task.Yield();
            yield return new Document { Text = word };
        }
    }
}
