using System.Runtime.CompilerServices;
using FlowKit.Wire.Grpc;
using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Grpc;

/// <summary>A call with its messages. One task may read while another writes.</summary>
/// <typeparam name="TRequest">What comes.</typeparam>
/// <typeparam name="TResponse">What is answered.</typeparam>
internal sealed class GrpcServerCall<TRequest, TResponse> : GrpcServerCall
{
    private readonly GrpcMethod<TRequest, TResponse> _method;
    private readonly GrpcMessageReader<TRequest> _reader;
    private GrpcMessageWriter<TResponse>? _writer;

    public GrpcServerCall(HttpContext context, GrpcMethod<TRequest, TResponse> method, GrpcServerOptions options)
        : base(context, options)
    {
        _method = method;
        var name = context.Request.Headers[GrpcHeaders.Encoding];
        if (!GrpcCompression.TryFind(name, out var encoding))
        {
            context.Response.Headers[GrpcHeaders.AcceptEncoding] = GrpcCompression.Accepted;
            throw new GrpcException(GrpcStatusCode.Unimplemented, $"{GrpcHeaders.Encoding}: '{name}' is not understood; send one of {GrpcCompression.Accepted}.");
        }

        _reader = new GrpcMessageReader<TRequest>(context.Request.BodyReader, method.Request, encoding, options.MaxReceiveBytes);
    }

    /// <summary>Reads the only message of a call that has one.</summary>
    /// <exception cref="GrpcException">There is none, or another one, or it cannot be read.</exception>
    public async ValueTask<TRequest> ReadSingleAsync()
    {
        if (!await MoveNextAsync())
        {
            throw new GrpcException(GrpcStatusCode.Internal, $"{_method.FullName} was called without a message.");
        }

        var message = _reader.Current;
        if (await MoveNextAsync())
        {
            throw new GrpcException(GrpcStatusCode.Internal, $"{_method.FullName} takes one message and was sent more.");
        }

        return message;
    }

    /// <summary>Reads messages as they come; what is not read is not sent by the caller.</summary>
    /// <param name="cancellationToken">Ends the reading; the call goes on.</param>
    public async IAsyncEnumerable<TRequest> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await _reader.MoveNextAsync(cancellationToken))
        {
            yield return _reader.Current;
        }
    }

    /// <summary>Sends the only message, together with the end of the call.</summary>
    /// <param name="message">The message.</param>
    public void Answer(TResponse message) => Writer().Write(message);

    /// <summary>Sends a message now, and waits until the caller takes more.</summary>
    /// <param name="message">The message.</param>
    public async ValueTask WriteAsync(TResponse message) => await Writer().WriteAsync(message, CancellationToken);

    /// <summary>Tells the caller the headers before there is a message.</summary>
    public async Task BeginAsync()
    {
        _ = Writer();
        await Context.Response.BodyWriter.FlushAsync(CancellationToken);
    }

    private ValueTask<bool> MoveNextAsync() => _reader.MoveNextAsync(CancellationToken);

    private GrpcMessageWriter<TResponse> Writer()
    {
        if (_writer is { } writer)
        {
            return writer;
        }

        var encoding = Options.Encoding != GrpcEncoding.Identity && GrpcCompression.Accepts(Context.Request.Headers[GrpcHeaders.AcceptEncoding], Options.Encoding)
            ? Options.Encoding
            : GrpcEncoding.Identity;
        GrpcResponse.Begin(Context.Response, SaidBefore, encoding);
        HasBegun = true;
        return _writer = new GrpcMessageWriter<TResponse>(Context.Response.BodyWriter, _method.Response, encoding, Options.MaxSendBytes);
    }
}
