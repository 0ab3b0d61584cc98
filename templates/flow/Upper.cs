/// <summary>Writes every text in capital letters.</summary>
public sealed class Upper(string suffix = "!") : Executor
{
    /// <summary>Answers every endpoint; name some with [Requests("/index", "/search")].</summary>
    [Requests]
    public void Run(DocumentArray docs)
    {
        foreach (var doc in docs)
        {
            doc.Text = doc.Text?.ToUpperInvariant() + suffix;
        }
    }
}
