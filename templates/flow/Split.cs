/// <summary>Makes a document of every word.</summary>
public sealed class Split : Executor
{
    /// <summary>Answers every endpoint.</summary>
    [Requests]
    public DocumentArray Run(DocumentArray docs) =>
        new(docs.SelectMany(doc => (doc.Text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(word => new Document { Text = word }));
}
