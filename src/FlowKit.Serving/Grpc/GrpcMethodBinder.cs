using FlowKit.Telemetry;
using FlowKit.Wire.Grpc;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Grpc;

/// <summary>Adds methods to a server; whatever one of them throws becomes the status that its caller is told.</summary>
/// <param name="context">Where the library takes methods.</param>
/// <param name="limits">What the methods accept.</param>
/// <param name="logger">The log of what nobody foresaw.</param>
/// <param name="stopping">Ends when the program stops.</param>
internal sealed partial class GrpcMethodBinder(
    ServiceMethodProviderContext<FlowGrpcService> context, GrpcLimits limits, ILogger logger, CancellationToken stopping)
    : ServiceBinderBase
{
    private static readonly HttpMethodMetadata s_post = new([HttpMethods.Post], acceptCorsPreflight: true);

    private readonly SortedSet<string> _services = new(StringComparer.Ordinal);

    /// <summary>The services whose methods are added, in order.</summary>
    public IReadOnlySet<string> Services => _services;

    /// <summary>Ends when the program stops: streams that could go on for ever end then.</summary>
    public CancellationToken Stopping => stopping;

    /// <summary>The flow that lets in the calls of the methods that are added next; <see langword="null"/> for none.</summary>
    public GrpcAdmission? Admission { get; set; }

    /// <summary>Adds a method that answers one message with one.</summary>
    /// <param name="method">The method.</param>
    /// <param name="handler">Answers.</param>
    public void AddUnary<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class => AddMethod(method, handler);

    /// <inheritdoc/>
    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
        context.AddUnaryMethod(method, Metadata(method), async (_, request, call) =>
        {
            try
            {
                return await handler!(request, call);
            }
            catch (Exception exception) when (exception is not RpcException)
            {
                throw Explain(exception, call);
            }
        });

    /// <inheritdoc/>
    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
        context.AddClientStreamingMethod(method, Metadata(method), async (_, requests, call) =>
        {
            try
            {
                return await handler!(requests, call);
            }
            catch (Exception exception) when (exception is not RpcException)
            {
                throw Explain(exception, call);
            }
        });

    /// <inheritdoc/>
    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
        context.AddServerStreamingMethod(method, Metadata(method), async (_, request, replies, call) =>
        {
            try
            {
                await handler!(request, replies, call);
            }
            catch (Exception exception) when (exception is not RpcException)
            {
                throw Explain(exception, call);
            }
        });

    /// <inheritdoc/>
    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
        context.AddDuplexStreamingMethod(method, Metadata(method), async (_, requests, replies, call) =>
        {
            try
            {
                await handler!(requests, replies, call);
            }
            catch (Exception exception) when (exception is not RpcException)
            {
                throw Explain(exception, call);
            }
        });

    private List<object> Metadata(IMethod method)
    {
        _services.Add(method.ServiceName);
        return Admission is null ? [s_post, limits] : [s_post, limits, Admission];
    }

    private RpcException Explain(Exception exception, ServerCallContext call)
    {
        var caller = new GrpcCaller(call);
        if (GrpcErrors.Of(exception, caller) is { } known)
        {
            return known;
        }

        // A stream that has been given up is told so by the library in words of its own.
        if (caller.CancellationToken.IsCancellationRequested)
        {
            return RpcErrors.Create(StatusCode.Cancelled, "The call was given up.", cause: exception);
        }

        Log.Unforeseen(logger, call.Method, exception);
        return RpcErrors.Create(StatusCode.Unknown, "The server failed.", cause: exception);
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.GrpcMethodFailed, LogLevel.Error, "{Method} failed in the server")]
        public static partial void Unforeseen(ILogger logger, string method, Exception exception);
    }
}
