/// <summary>Writes its name into every document that comes by.</summary>
public sealed class Mark : Executor
{
    [Requests]
    public void Run(DocumentArray docs)
    {
        foreach (var doc in docs)
        {
            doc.Tags[Context.Name] = true;
        }
    }
}
