/// <summary>Writes a line for every document into its workspace; slowly, so that one sees that nobody waits for it.</summary>
public sealed class Journal : Executor
{
    [Requests, Write]
    public async Task WriteAsync(DocumentArray docs)
    {
        await Task.Delay(1000);
        await File.AppendAllLinesAsync(Path.Combine(Context.Workspace, "journal.txt"), docs.Select(doc => $"{doc.Id} {doc.Text}"));
    }
}
