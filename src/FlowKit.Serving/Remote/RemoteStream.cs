using FlowKit.Wire.Grpc.Jina;

namespace FlowKit.Serving.Remote;

/// <summary>The documents that an executor elsewhere streams. Leaving it gives the call up there.</summary>
/// <param name="executor">The executor's name, for errors.</param>
/// <param name="lease">The call's place at its peer.</param>
/// <param name="replies">The replies, on the first of them.</param>
/// <param name="hasReply">Whether there is a first one.</param>
internal sealed class RemoteStream(string executor, RemoteLease lease, IAsyncEnumerator<JinaMessage> replies, bool hasReply)
    : IAsyncEnumerator<Document>
{
    private DocumentArray _documents = [];
    private int _at = -1;
    private bool _isFirst = true;

    /// <inheritdoc/>
    public Document Current => _documents[_at];

    /// <inheritdoc/>
    /// <exception cref="FlowKitException">The executor failed, or cannot be reached any more.</exception>
    public async ValueTask<bool> MoveNextAsync()
    {
        while (++_at >= _documents.Count)
        {
            if (!await NextAsync())
            {
                return false;
            }

            _documents = StreamedReply.DocumentsOf(replies.Current.Request, RemoteErrors.Of, executor);
            _at = -1;
        }

        return true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await replies.DisposeAsync();
        lease.Dispose();
    }

    private async ValueTask<bool> NextAsync()
    {
        if (_isFirst)
        {
            _isFirst = false;
            return hasReply;
        }

        try
        {
            return await replies.MoveNextAsync();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw RemoteErrors.Explain(exception, executor, lease.Peer.Name);
        }
    }
}
