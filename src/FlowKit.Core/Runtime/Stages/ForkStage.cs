namespace FlowKit.Runtime;

/// <summary>Sends each part to several stages; every branch but the last gets documents of its own, so that branches cannot disturb each other.</summary>
internal sealed class ForkStage(IReadOnlyList<IPartSink> branches) : IPartSink
{
    public bool ReadsDocuments => branches.Any(branch => branch.ReadsDocuments);

    public async ValueTask SendAsync(RequestPart part)
    {
        var copies = new RequestPart[branches.Count];
        for (var i = 0; i < copies.Length; i++)
        {
            copies[i] = i == copies.Length - 1 ? part : part.With(part.Documents.Clone());
        }

        // The branches before it may have waited for room.
        part.Moved = 0;
        for (var i = 0; i < copies.Length; i++)
        {
            await branches[i].SendAsync(copies[i]).ConfigureAwait(false);
        }
    }
}
