/// <summary>Gives back what it gets: all that is measured is the way there and back.</summary>
public sealed class Echo : Executor
{
    [Requests("/echo")]
    public void Run(DocumentArray docs)
    {
    }
}
