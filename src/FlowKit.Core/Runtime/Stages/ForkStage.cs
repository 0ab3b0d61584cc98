namespace FlowKit.Runtime.Stages;

/// <summary>
/// Sends each item to several stages; every branch but the last gets documents of its own, so that branches cannot disturb each other.
/// </summary>
internal sealed class ForkStage(IReadOnlyList<IStage> branches) : IStage
{
    public bool ReadsDocuments => branches.Any(branch => branch.ReadsDocuments);

    public async ValueTask SendAsync(WorkItem item)
    {
        var copies = new WorkItem[branches.Count];
        for (var i = 0; i < copies.Length; i++)
        {
            copies[i] = i == copies.Length - 1 ? item : item.With(item.Documents.Clone());
        }

        // The branches before it may have waited for room.
        item.Moved = 0;
        for (var i = 0; i < copies.Length; i++)
        {
            await branches[i].SendAsync(copies[i]).ConfigureAwait(false);
        }
    }
}
