using System.Globalization;
using FlowKit.Wire.Grpc;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FlowKit.Serving.Grpc;

/// <summary>A port that speaks gRPC and nothing else.</summary>
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
    public static void Use(IApplicationBuilder app) => app.UseWhen(
        static context => context.Features.Get<GrpcPort>() is not null || IsGrpc(context.Request),
        static calls => calls.Use(static (context, next) =>
        {
            if (Refuse(context) is not { } status)
            {
                return next(context);
            }

            context.Response.StatusCode = status;
            return Task.CompletedTask;
        }));

    /// <summary>
    /// Answers calls of services and methods that nobody has, behind routing. The library's own routes for them would match every path of
    /// two parts, and a wrong method or content type there be 404.
    /// </summary>
    public static void AnswerUnknown(IApplicationBuilder app) => app.UseWhen(
        static context => IsGrpc(context.Request) && context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is null,
        static unknown => unknown.Run(static context =>
        {
            var unknown = RpcErrors.Create(StatusCode.Unimplemented, $"There is no method {context.Request.Path} here.");
            Answer(context.Response, unknown.Status);
            return Task.CompletedTask;
        }));

    /// <summary>Answers a call with nothing but its status.</summary>
    public static void Answer(HttpResponse response, Status status)
    {
        response.ContentType = GrpcHeaders.ContentType;
        response.Headers[GrpcHeaders.Status] = ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture);
        response.Headers[GrpcHeaders.Message] = Uri.EscapeDataString(status.Detail);
    }

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
