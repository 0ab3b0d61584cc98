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

    /// <summary>Answers as gRPC what comes through such a port, or says that it is gRPC; everything else goes on.</summary>
    public static void Use(IApplicationBuilder app, GrpcServer server) => app.Use(
        (context, next) => context.Features.Get<GrpcPort>() is not null || IsGrpc(context.Request) ? server.InvokeAsync(context) : next(context));

    private static bool IsGrpc(HttpRequest request) =>
        request.ContentType is { } type && type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase);

    private static void Mark(ListenOptions port) => port.Use(next => connection =>
    {
        connection.Features.Set(s_marker);
        return next(connection);
    });
}
