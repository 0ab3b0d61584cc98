using System.Runtime.CompilerServices;

namespace FlowKit.Wire.Grpc.Client;

/// <summary>A call under way. One task may write while another reads; disposing it before its end cancels it at the server.</summary>
/// <typeparam name="TRequest">What is sent.</typeparam>
/// <typeparam name="TResponse">What is answered.</typeparam>
public sealed class GrpcCall<TRequest, TResponse> : IDisposable
{
    private readonly GrpcMethod<TRequest, TResponse> _method;
    private readonly CallContent _content;
    private readonly CallLife _life;
    private readonly int _limit;
    private readonly Task<HttpResponseMessage> _response;
    private GrpcMessageReader<TResponse>? _reader;
    private bool _ended;

    internal GrpcCall(GrpcChannel channel, GrpcMethod<TRequest, TResponse> method, GrpcCallOptions options, CallContent content, CancellationToken cancellationToken)
    {
        _method = method;
        _content = content;
        _limit = channel.Options.MaxReceiveBytes;
        _life = new CallLife(options.Timeout, channel.Options.TimeProvider, cancellationToken);
        _response = SendAsync(channel, options);
    }

    /// <summary>What was said after the messages; empty before they have ended.</summary>
    public GrpcMetadata Trailers { get; private set; } = new();

    /// <summary>The message that the last successful <see cref="MoveNextAsync"/> read.</summary>
    public TResponse Current => _reader is null ? default! : _reader.Current;

    /// <summary>What the server said before its messages.</summary>
    /// <exception cref="GrpcException">The call failed before that.</exception>
    public async Task<GrpcMetadata> ReadHeadersAsync() => CallEnd.MetadataOf((await _response).Headers);

    /// <summary>Sends a message and waits until there is room for another: a slow server slows the writer.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Gives the whole call up, since half a message cannot be taken back.</param>
    /// <exception cref="GrpcException">The call has ended; reading it tells how.</exception>
    /// <exception cref="InvalidOperationException">The call has only one message, or its writing has been completed.</exception>
    public async ValueTask WriteAsync(TRequest message, CancellationToken cancellationToken = default)
    {
        if (_content is not StreamContent<TRequest> stream)
        {
            throw new InvalidOperationException($"The one message of this call to {_method.FullName} was given when it began.");
        }

        await using var giving = cancellationToken.UnsafeRegister(static life => ((CallLife)life!).Cancel(), _life);
        try
        {
            await stream.WriteAsync(message, _life.Token);
        }
        catch (Exception exception)
        {
            throw _life.Translate(exception, cancellationToken);
        }
    }

    /// <summary>Says that no more messages will come.</summary>
    public void Complete() => (_content as StreamContent<TRequest>)?.Complete();

    /// <summary>Reads the next message.</summary>
    /// <param name="cancellationToken">Gives the whole call up.</param>
    /// <returns>Whether there was one; otherwise the call has ended well and <see cref="Trailers"/> are there.</returns>
    /// <exception cref="GrpcException">The call did not end well.</exception>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken = default)
    {
        if (_ended)
        {
            return false;
        }

        await using var giving = cancellationToken.UnsafeRegister(static life => ((CallLife)life!).Cancel(), _life);
        try
        {
            var response = await _response;
            _reader ??= new GrpcMessageReader<TResponse>(await response.Content.ReadAsStreamAsync(_life.Token), _method.Response, CallEnd.EncodingOf(response), _limit);
            if (await _reader.MoveNextAsync(_life.Token))
            {
                return true;
            }

            End(response);
            return false;
        }
        catch (Exception exception)
        {
            throw _life.Translate(exception, cancellationToken);
        }
    }

    /// <summary>Reads every message.</summary>
    /// <param name="cancellationToken">Gives the whole call up.</param>
    /// <exception cref="GrpcException">The call did not end well.</exception>
    public async IAsyncEnumerable<TResponse> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await MoveNextAsync(cancellationToken))
        {
            yield return Current;
        }
    }

    /// <summary>Reads the one message of a call that is answered by one.</summary>
    /// <exception cref="GrpcException">The call did not end well, or not with exactly one message.</exception>
    public async Task<GrpcReply<TResponse>> ReadSingleAsync()
    {
        if (!await MoveNextAsync())
        {
            throw new GrpcException(new GrpcStatus(GrpcStatusCode.Internal, $"{_method.FullName} ended without a message."), Trailers);
        }

        var message = Current;
        if (await MoveNextAsync())
        {
            throw new GrpcException(GrpcStatusCode.Internal, $"{_method.FullName} answered with more than one message.");
        }

        return new GrpcReply<TResponse>(message, await ReadHeadersAsync(), Trailers);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_ended)
        {
            _life.Cancel();
            _content.End();
        }

        _ = ReleaseAsync();
        _life.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync(GrpcChannel channel, GrpcCallOptions options)
    {
        HttpResponseMessage? response = null;
        try
        {
            response = await channel.SendAsync(_method.FullName, _content, options, _life.Token);
            CallEnd.Check(response);
            _life.EndWith(response);
            return response;
        }
        catch (Exception exception)
        {
            response?.Dispose();
            _content.End();
            throw _life.Translate(exception);
        }
    }

    private void End(HttpResponseMessage response)
    {
        _ended = true;
        var trailersOnly = CallEnd.StatusOf(response.Headers);
        var status = CallEnd.StatusOf(response.TrailingHeaders) ?? trailersOnly ?? new GrpcStatus(GrpcStatusCode.Unknown, "The server ended the call without a status.");
        Trailers = CallEnd.MetadataOf(trailersOnly is null ? response.TrailingHeaders : response.Headers);
        if (status.Code != GrpcStatusCode.Ok)
        {
            throw new GrpcException(status, Trailers);
        }
    }

    private async Task ReleaseAsync()
    {
        try
        {
            (await _response).Dispose();
        }
        catch (Exception exception) when (exception is GrpcException or OperationCanceledException)
        {
            // Whoever read the call was told; here it only ends.
        }
    }
}
