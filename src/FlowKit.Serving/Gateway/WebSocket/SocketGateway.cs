using FlowKit.Components;
using FlowKit.Configuration.Gateway;
using FlowKit.Runtime;
using FlowKit.Serving.Gateway.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FlowKit.Serving.Gateway.WebSocket;

/// <summary>Opens sockets: at <c>/</c> for requests, at <c>/dry_run</c> for the status of the whole flow, as Jina does.</summary>
internal sealed class SocketGateway(RequestDelegate next, FlowRuntime flow, GatewayConfig config, GatewayLimits limits, IHostApplicationLifetime lifetime)
{
    private static readonly ISocketCodec[] s_codecs = [new JsonSocketCodec(), new BytesSocketCodec()];

    public static void Use(IApplicationBuilder app, FlowRuntime flow, GatewayConfig config, GatewayLimits limits) =>
        app.UseMiddleware<SocketGateway>(flow, config, limits, app.ApplicationServices.GetRequiredService<IHostApplicationLifetime>());

    public Task InvokeAsync(HttpContext context) => !context.WebSockets.IsWebSocketRequest ? next(context) : context.Request.Path.Value switch
    {
        "/" => ServeAsync(context, RunAsync),
        "/dry_run" => ServeAsync(context, DryRunAsync),
        _ => next(context),
    };

    private async Task ServeAsync(HttpContext context, Func<HttpContext, System.Net.WebSockets.WebSocket, ISocketCodec, Task> serve)
    {
        if (!config.Cors && !SameOrigin.Allows(context.Request))
        {
            throw new FlowKitException(FlowErrorCode.PermissionDenied, "A page of another origin may not open a WebSocket here; 'cors: true' allows it.");
        }

        var asked = context.WebSockets.WebSocketRequestedProtocols;
        var codec = asked.Count == 0 ? s_codecs[0] : s_codecs.FirstOrDefault(codec => asked.Contains(codec.Name))
            ?? throw new FlowKitException(FlowErrorCode.InvalidArgument, $"No subprotocol of '{string.Join(", ", asked)}' is known; expected {string.Join(" or ", s_codecs.Select(codec => codec.Name))}.");
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
        using var session = new SocketSession(socket, codec, flow, config, limits, context.RequestAborted);
        await session.RunAsync(lifetime.ApplicationStopping);
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
