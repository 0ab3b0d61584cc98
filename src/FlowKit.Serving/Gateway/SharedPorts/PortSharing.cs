using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FlowKit.Serving.Gateway.SharedPorts;

/// <summary>
/// Lets gRPC and HTTP/1.1 share a port in clear text, where Kestrel serves either. The first bytes of a connection tell which it is, once;
/// they stay in the connection for whoever serves it.
/// </summary>
/// <param name="http2">Takes the connections that speak HTTP/2.</param>
/// <param name="patience">The time after which a connection that has not told is one of HTTP/1.1, which has limits of its own.</param>
internal sealed class PortSharing(HandedOverConnections http2, TimeSpan patience)
{
    /// <summary>Shares a port.</summary>
    public void Use(ListenOptions port)
    {
        port.Protocols = HttpProtocols.Http1;
        port.Use(next => connection => ServeAsync(next, connection));
    }

    private async Task ServeAsync(ConnectionDelegate next, ConnectionContext connection)
    {
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        try
        {
            if (await IsHttp2Async(connection.Transport.Input, stopping))
            {
                await http2.ServeAsync(connection);
                return;
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The caller has gone, or the server stops, before anything was asked.
            return;
        }

        await next(connection);
    }

    private async ValueTask<bool> IsHttp2Async(PipeReader input, CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(patience);
        try
        {
            while (true)
            {
                var arrived = await input.ReadAsync(limit.Token);
                var verdict = Http2Preface.Matches(arrived.Buffer) ?? (arrived.IsCompleted ? false : null);
                // What decides is not marked as looked at, so that who serves the connection finds it at once.
                input.AdvanceTo(arrived.Buffer.Start, verdict is null ? arrived.Buffer.End : arrived.Buffer.Start);
                if (verdict is { } isHttp2)
                {
                    return isHttp2;
                }
            }
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return false;
        }
    }
}
