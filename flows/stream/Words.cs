using System.Runtime.CompilerServices;

/// <summary>Makes a document of every word, with a pause before each, as a model does that writes.</summary>
public sealed class Words(int pause = 100) : Executor
{
    [Requests("/words")]
    public async IAsyncEnumerable<Document> RunAsync(DocumentArray docs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var word in docs.SelectMany(doc => (doc.Text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            await Task.Delay(pause, cancellationToken);
            yield return new Document { Text = word };
        }
    }
}
