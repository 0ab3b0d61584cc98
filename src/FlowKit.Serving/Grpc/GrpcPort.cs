using FlowKit.Wire.Grpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FlowKit.Serving.Grpc;

/// <summary>
/// A port that speaks gRPC. In clear text it can speak nothing else: HTTP/1.1 and HTTP/2 share a port only where TLS lets both sides agree
/// beforehand.
/// </summary>
internal sealed class GrpcPort
{
    /// <summary>Streams that one connection may have open; a client asks for as many as it has calls under way.</summary>
    private const int Streams = 2048;

    private const int StreamWindow = 1 << 20;
    private const int ConnectionWindow = 4 << 20;

    private static readonly GrpcPort s_marker = new();

    private GrpcPort()
    {
    }

    /// <summary>Sets what HTTP/2 of every port allows.</summary>
    public static void Limit(Http2Limits limits)
    {
        limits.MaxStreamsPerConnection = Streams;
        limits.InitialStreamWindowSize = StreamWindow;
        limits.InitialConnectionWindowSize = ConnectionWindow;
    }

    /// <summary>Makes a port one of gRPC alone.</summary>
    public static void Listen(ListenOptions port)
    {
        port.Protocols = HttpProtocols.Http2;
        Mark(port);
    }

    /// <summary>Refuses by HTTP what comes through such a port, or says that it is gRPC, and is not; everything else goes on.</summary>
    public static void Use(IApplicationBuilder app) => app.Use((context, next) =>
    {
        if ((context.Features.Get<GrpcPort>() is null && !IsGrpc(context.Request)) || Refuse(context) is not { } status)
        {
            return next(context);
        }

        context.Response.StatusCode = status;
        return Task.CompletedTask;
    });

    /// <summary>Tells whether a request says that it is a call of gRPC; no page can say so without the browser asking first.</summary>
    public static bool IsGrpc(HttpRequest request) =>
        request.ContentType is { } type && type.StartsWith(GrpcHeaders.ContentType, StringComparison.OrdinalIgnoreCase);

    private static int? Refuse(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            return StatusCodes.Status405MethodNotAllowed;
        }

        if (!GrpcHeaders.IsContentType(context.Request.ContentType))
        {
            return StatusCodes.Status415UnsupportedMediaType;
        }

        return HttpProtocol.IsHttp2(context.Request.Protocol) ? null : StatusCodes.Status426UpgradeRequired;
    }

    private static void Mark(ListenOptions port) => port.Use(next => connection =>
    {
        connection.Features.Set(s_marker);
        return next(connection);
    });
}
