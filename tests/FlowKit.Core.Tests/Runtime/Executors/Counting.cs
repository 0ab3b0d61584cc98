using System.Globalization;

namespace FlowKit.Runtime.Executors;

/// <summary>Counts in memory, and fails as its input asks.</summary>
/// <param name="load">What happens while it loads.</param>
[ExecutorFault(typeof(IOException))]
public sealed class Counting(CountingLoad load) : Executor
{
    private int _count;

    public override Task LoadAsync(CancellationToken cancellationToken) => load.RunAsync(cancellationToken);

    public override ValueTask DisposeAsync()
    {
        load.NoteDisposal();
        return base.DisposeAsync();
    }

    [Requests("/count")]
    public void Count(DocumentArray docs)
    {
        foreach (var doc in docs)
        {
            doc.Text = (++_count).ToString(CultureInfo.InvariantCulture);
        }
    }

    [Requests("/parse")]
    public void Parse(DocumentArray docs)
    {
        foreach (var doc in docs)
        {
            doc.Tags["number"] = int.Parse(doc.Text!, CultureInfo.InvariantCulture);
        }
    }

    [Requests("/fault")]
    public void Fault(DocumentArray docs) => throw (docs[0].Text switch
    {
        "declared" => new IOException("lost"),
        "derived" => new FileNotFoundException("lost"),
        "inside" => new InvalidOperationException("lost", new IOException("deeper")),
        _ => new OutOfMemoryException("lost"),
    });
}
