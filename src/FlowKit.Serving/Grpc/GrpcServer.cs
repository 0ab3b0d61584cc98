using System.Collections.Frozen;
using FlowKit.Configuration.Gateway;
using FlowKit.Wire.Grpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Grpc;

/// <summary>The methods of a server by their full names, and what every call has in common.</summary>
internal sealed partial class GrpcServer(GrpcServerOptions options, ILogger<GrpcServer> logger)
{
    private readonly Dictionary<string, Func<HttpContext, Task>> _adding = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _services = new(StringComparer.Ordinal);
    private volatile FrozenDictionary<string, Func<HttpContext, Task>>? _methods;

    /// <summary>The server of a listener: its limits, its compression, and the end of its host.</summary>
    public static GrpcServer Of(IApplicationBuilder app, GatewayConfig config, ILoggerFactory loggers)
    {
        _ = GrpcCompression.TryFind(config.Compression, out var encoding);
        var options = new GrpcServerOptions
        {
            MaxReceiveBytes = (int)Math.Min(config.MaxRequestBytes, int.MaxValue),
            Encoding = encoding,
            Stopping = app.ApplicationServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping,
        };
        return new GrpcServer(options, loggers.CreateLogger<GrpcServer>());
    }

    /// <summary>The services that have methods, in order.</summary>
    public IReadOnlyCollection<string> Services => _services;

    /// <summary>Adds a method of any kind, before the first call.</summary>
    /// <param name="method">The method.</param>
    /// <param name="handler">Reads and writes the call's messages; when it returns the call has ended well.</param>
    public void Add<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, Func<GrpcServerCall<TRequest, TResponse>, Task> handler)
    {
        _adding.Add(method.FullName, context => AnswerAsync(context, () => new GrpcServerCall<TRequest, TResponse>(context, method, options), handler));
        _services.Add(method.Service);
    }

    /// <summary>Adds a method that answers one message with one.</summary>
    /// <param name="method">The method.</param>
    /// <param name="handler">Answers.</param>
    public void AddUnary<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, Func<TRequest, GrpcServerCall, ValueTask<TResponse>> handler) =>
        Add(method, async call => call.Answer(await handler(await call.ReadSingleAsync(), call)));

    /// <summary>Answers a request.</summary>
    /// <param name="context">An HTTP exchange whose content type or port says that it is gRPC.</param>
    public Task InvokeAsync(HttpContext context)
    {
        var methods = _methods ??= _adding.ToFrozenDictionary(StringComparer.Ordinal);
        if (Refuse(context) is { } status)
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        }

        if (!methods.TryGetValue(context.Request.Path.Value ?? "", out var method))
        {
            var unknown = new GrpcStatus(GrpcStatusCode.Unimplemented, $"The method '{context.Request.Path.Value}' is not here.");
            GrpcResponse.End(context.Response, unknown, null, null, begun: false);
            return Task.CompletedTask;
        }

        return method(context);
    }

    /// <summary>What is not gRPC gets an answer of HTTP.</summary>
    private static int? Refuse(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            return StatusCodes.Status405MethodNotAllowed;
        }

        return !GrpcHeaders.IsContentType(context.Request.ContentType) ? StatusCodes.Status415UnsupportedMediaType
            : !HttpProtocol.IsHttp2(context.Request.Protocol) ? StatusCodes.Status426UpgradeRequired
            : null;
    }

    private async Task AnswerAsync<TCall>(HttpContext context, Func<TCall> begin, Func<TCall, Task> handler)
        where TCall : GrpcServerCall
    {
        TCall? call = null;
        try
        {
            call = begin();
            await handler(call);
            GrpcResponse.End(context.Response, GrpcStatus.Ok, call.SaidBefore, call.SaidAfter, call.HasBegun);
        }
        catch (Exception exception)
        {
            if (!context.RequestAborted.IsCancellationRequested)
            {
                Fail(context, call, exception);
            }
        }
        finally
        {
            call?.Dispose();
        }
    }

    private void Fail(HttpContext context, GrpcServerCall? call, Exception exception)
    {
        if (GrpcErrors.StatusOf(exception, call) is not { } status)
        {
            Log.Unforeseen(logger, context.Request.Path, exception);
            status = new GrpcStatus(GrpcStatusCode.Unknown, "The server failed.");
        }

        var trailers = call?.Trailers ?? new GrpcMetadata();
        foreach (var (name, value) in (exception as GrpcException)?.Trailers.Entries ?? [])
        {
            trailers.Add(name, value);
        }

        GrpcResponse.End(context.Response, status, call?.SaidBefore, trailers, call is { HasBegun: true });
    }

    private static partial class Log
    {
        [LoggerMessage(311, LogLevel.Error, "{Method} failed in the server")]
        public static partial void Unforeseen(ILogger logger, string method, Exception exception);
    }
}
