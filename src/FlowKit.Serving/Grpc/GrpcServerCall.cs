using System.Diagnostics;
using FlowKit.Runtime;
using FlowKit.Serving.Gateway.Http;
using FlowKit.Wire.Grpc;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace FlowKit.Serving.Grpc;

/// <summary>A call as its server sees it.</summary>
internal abstract class GrpcServerCall : ICaller, IDisposable
{
    private const string IsError = "is-error";

    private readonly CancellationTokenSource? _deadline;
    private readonly CancellationTokenSource? _either;
    private readonly long _arrived = Stopwatch.GetTimestamp();
    private GrpcMetadata? _metadata;
    private GrpcMetadata? _headers;
    private GrpcMetadata? _trailers;

    /// <summary>What limits a request is the size of each of its messages, not of all together.</summary>
    /// <exception cref="GrpcException">Its deadline or its compression is not understood.</exception>
    protected GrpcServerCall(HttpContext context, GrpcServerOptions options)
    {
        Context = context;
        Options = options;
        CancellationToken = context.RequestAborted;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (context.Request.Headers.TryGetValue(GrpcHeaders.Timeout, out var text))
        {
            Timeout = text.Count == 1 && GrpcTimeout.TryParse(text.ToString(), out var timeout)
                ? timeout
                : throw new GrpcException(GrpcStatusCode.InvalidArgument, $"{GrpcHeaders.Timeout}: '{text}' is not at most eight digits and one of H, M, S, m, u, n.");
            _deadline = new CancellationTokenSource(timeout, options.TimeProvider);
            _either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _deadline.Token);
            CancellationToken = _either.Token;
        }
    }

    /// <summary>The HTTP exchange beneath.</summary>
    public HttpContext Context { get; }

    /// <inheritdoc/>
    public Priority Priority => CallHeaders.Read(Context.Request).Priority;

    /// <inheritdoc/>
    public TimeSpan? Timeout { get; }

    /// <inheritdoc/>
    public TimeSpan? TimeLeft => Timeout - Stopwatch.GetElapsedTime(_arrived);

    /// <inheritdoc/>
    public CancellationToken CancellationToken { get; }

    /// <summary>Ends when the server stops.</summary>
    public CancellationToken Stopping => Options.Stopping;

    /// <inheritdoc/>
    public bool HasExpired => _deadline is { IsCancellationRequested: true };

    /// <summary>What the caller said beside its messages.</summary>
    public GrpcMetadata Metadata => _metadata ??= ReadMetadata();

    /// <summary>Said before the first message.</summary>
    public GrpcMetadata ResponseHeaders => _headers ??= new GrpcMetadata();

    /// <summary>Said at the end.</summary>
    public GrpcMetadata Trailers => _trailers ??= new GrpcMetadata();

    /// <summary>What has been said in headers; <see langword="null"/> for nothing.</summary>
    public GrpcMetadata? SaidBefore => _headers;

    /// <summary>What has been said in trailers; <see langword="null"/> for nothing.</summary>
    public GrpcMetadata? SaidAfter => _trailers;

    /// <summary>Whether anything has been answered, so that the status can only come in trailers.</summary>
    public bool HasBegun { get; private protected set; }

    protected GrpcServerOptions Options { get; }

    /// <summary>In the trailer <c>is-error</c>, as Jina's workers do.</summary>
    public void SayError() => Trailers.Add(IsError, "true");

    /// <summary>A stream of messages may be silent for long; what has one message only must send it at Kestrel's least rate.</summary>
    public void AllowSilence()
    {
        if (Context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    /// <summary>Ends a stream that would go on.</summary>
    /// <exception cref="GrpcException">The server stops.</exception>
    public void ThrowIfStopping()
    {
        if (Stopping.IsCancellationRequested)
        {
            throw new GrpcException(GrpcStatusCode.Unavailable, "The server stops.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _either?.Dispose();
        _deadline?.Dispose();
    }

    private GrpcMetadata ReadMetadata()
    {
        var metadata = new GrpcMetadata();
        foreach (var (name, values) in Context.Request.Headers)
        {
            foreach (var value in values)
            {
                metadata.Receive(name, value ?? "");
            }
        }

        return metadata;
    }
}
