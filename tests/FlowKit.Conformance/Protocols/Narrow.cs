namespace FlowKit.Conformance.Protocols;

/// <summary>An executor of one endpoint.</summary>
public sealed class Narrow : Executor
{
    /// <summary>Shouts.</summary>
    /// <param name="documents">The documents.</param>
    [Requests("/only")]
    public static void Only(DocumentArray documents)
    {
        foreach (var document in documents)
        {
            document.Text += "!";
        }
    }
}
