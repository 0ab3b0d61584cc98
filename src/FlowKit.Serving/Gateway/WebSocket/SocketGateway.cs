using FlowKit.Components;
using FlowKit.Configuration.Gateway;
using FlowKit.Runtime;
using FlowKit.Serving.Dispatch;
using FlowKit.Serving.Gateway.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FlowKit.Serving.Gateway.WebSocket;

/// <summary>Opens sockets: at <c>/</c> for requests, at <c>/dry_run</c> for the status of the whole flow, as Jina does.</summary>
/// <param name="flow">The running flow.</param>
/// <param name="dispatcher">The way into it.</param>
/// <param name="config">The gateway's configuration.</param>
/// <param name="limits">How long peers may take.</param>
/// <param name="stopping">Ends when the program stops.</param>
internal sealed class SocketGateway(
    FlowRuntime flow, FlowDispatcher dispatcher, GatewayConfig config, GatewayLimits limits, CancellationToken stopping)
    : IFlowProtocol
{
    private static readonly ISocketCodec[] s_codecs = [new JsonSocketCodec(), new BytesSocketCodec()];

    /// <summary>Returns what serves a socket by one delegate and everything else by the other.</summary>
    public static RequestDelegate OrElse(RequestDelegate socket, RequestDelegate other) =>
        context => context.WebSockets.IsWebSocketRequest ? socket(context) : other(context);

    /// <summary>Serves the requests of a socket.</summary>
    public Task RequestsAsync(HttpContext context) => ServeAsync(context, RunAsync);

    /// <summary>Sends the status of the whole flow.</summary>
    public Task DryRunAsync(HttpContext context) => ServeAsync(context, DryRunAsync);

    /// <summary>Maps the method by which HTTP/2 opens sockets.</summary>
    public void MapConnect(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/", [HttpMethods.Connect], RequestsAsync).ExcludeFromDescription();
        routes.MapMethods("/dry_run", [HttpMethods.Connect], DryRunAsync).ExcludeFromDescription();
    }

    private async Task ServeAsync(HttpContext context, Func<HttpContext, System.Net.WebSockets.WebSocket, ISocketCodec, Task> serve)
    {
        var asked = context.WebSockets.WebSocketRequestedProtocols;
        var codec = asked.Count == 0 ? s_codecs[0] : s_codecs.FirstOrDefault(codec => asked.Contains(codec.Name))
            ?? throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"No subprotocol of '{string.Join(", ", asked)}' is known; "
                    + $"expected {string.Join(" or ", s_codecs.Select(codec => codec.Name))}.");
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = asked.Count == 0 ? null : codec.Name,
            KeepAliveInterval = limits.SocketPing,
            KeepAliveTimeout = limits.SocketPing,
        });
        await serve(context, socket, codec);
    }

    private async Task RunAsync(HttpContext context, System.Net.WebSockets.WebSocket socket, ISocketCodec codec)
    {
        using var session = new SocketSession(socket, codec, flow, dispatcher, config, limits, Caller.Of(context), context.RequestAborted);
        await session.RunAsync(stopping);
    }

    private async Task DryRunAsync(HttpContext context, System.Net.WebSockets.WebSocket socket, ISocketCodec codec)
    {
        var reply = await flow.SendAsync(new FlowRequest(EndpointTable.DryRun, [new Document()]), context.RequestAborted);
        using var writer = new SocketWriter(socket, codec, limits.SocketSend);
        try
        {
            await writer.SendAsync(buffer => codec.WriteStatus(buffer, reply.Error), context.RequestAborted);
            await writer.CloseAsync(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, "");
            using var reader = new SocketReader(socket, config.MaxRequestBytes, limits);
            using var patience = new CancellationTokenSource(limits.BodyGrace);
            while (await reader.ReadAsync(patience.Token))
            {
            }
        }
        catch (Exception exception) when (SocketSession.IsGone(exception) || exception is SocketRefusal)
        {
            socket.Abort();
        }
    }
}
