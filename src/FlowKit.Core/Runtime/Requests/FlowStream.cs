using System.Threading.Channels;

namespace FlowKit.Runtime.Requests;

/// <summary>The documents of a streamed reply: few wait at a time, so that a slow caller slows the producer.</summary>
internal sealed class FlowStream
{
    private const int Capacity = 16;

    private readonly Channel<Document> _documents = Channel.CreateBounded<Document>(
        new BoundedChannelOptions(Capacity) { SingleReader = true });
    private RequestState _request = null!;
    private int _outstanding = 1;

    public ChannelReader<Document> Documents => _documents.Reader;

    public void Attach(RequestState request) => _request = request;

    /// <summary>Counts one more item on its way to the reply.</summary>
    public void Expect() => Interlocked.Increment(ref _outstanding);

    /// <summary>An item has come.</summary>
    public async ValueTask WriteAsync(DocumentArray documents)
    {
        try
        {
            foreach (var document in documents)
            {
                await _documents.Writer.WriteAsync(document, _request.Token).ConfigureAwait(false);
            }
        }
        catch (ChannelClosedException)
        {
            // The request has failed meanwhile, and the caller has been told why.
            return;
        }

        Finish();
    }

    /// <summary>An item has come to its end.</summary>
    public void Finish()
    {
        if (Interlocked.Decrement(ref _outstanding) == 0)
        {
            // In this order: the reader leaves at the end, and who leaves an unanswered request has cancelled it.
            _request.Succeed([]);
            _documents.Writer.TryComplete();
        }
    }

    public void Fail(FlowError error) => _documents.Writer.TryComplete(new FlowKitException(error));
}
