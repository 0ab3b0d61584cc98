using System.Net;
using FlowKit.Wire;

namespace FlowKit.Client;

/// <summary>
/// A body in pooled memory, given back when both the request has been disposed and nothing sends it any more: an answer can come while the
/// connection still reads the body.
/// </summary>
internal sealed class PooledContent : HttpContent
{
    private readonly PooledBuffer _body;
    private int _users = 1;
    private int _isDisposed;

    /// <param name="body">The body, which is the content's from here on.</param>
    public PooledContent(PooledBuffer body) => _body = body;

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Written.Length;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(!TryEnter(), this);
        try
        {
            await stream.WriteAsync(_body.Written, cancellationToken);
        }
        finally
        {
            Leave();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            Leave();
        }

        base.Dispose(disposing);
    }

    private bool TryEnter()
    {
        for (var users = Volatile.Read(ref _users); users > 0; users = Volatile.Read(ref _users))
        {
            if (Interlocked.CompareExchange(ref _users, users + 1, users) == users)
            {
                return true;
            }
        }

        return false;
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _body.Dispose();
        }
    }
}
