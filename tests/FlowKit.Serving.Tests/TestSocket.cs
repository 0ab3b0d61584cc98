using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using FlowKit.TestKit;

namespace FlowKit.Serving.Gateway;

/// <summary>A WebSocket client for tests.</summary>
internal sealed class TestSocket : IDisposable
{
    private readonly ClientWebSocket _socket = new();

    public WebSocketState State => _socket.State;

    public string? Subprotocol => _socket.SubProtocol;

    public (WebSocketCloseStatus? Status, string? Reason) Closed => (_socket.CloseStatus, _socket.CloseStatusDescription);

    public static async Task<TestSocket> OpenAsync(TestGateway gateway, string path = "/", string? subprotocol = null, params (string Name, string Value)[] headers)
    {
        var client = new TestSocket();
        if (subprotocol is not null)
        {
            client._socket.Options.AddSubProtocol(subprotocol);
        }

        client._socket.Options.CollectHttpResponseDetails = true;
        foreach (var (name, value) in headers)
        {
            client._socket.Options.SetRequestHeader(name, value);
        }

        using var limit = new CancellationTokenSource(TestTimeout.Limit);
        await client._socket.ConnectAsync(new UriBuilder(gateway.Host.Address) { Scheme = "ws", Path = path }.Uri, limit.Token);
        return client;
    }

    public Task SendAsync(string text, bool end = true) => SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, end);

    public Task SendAsync(byte[] bytes, WebSocketMessageType type = WebSocketMessageType.Binary, bool end = true) =>
        _socket.SendAsync(bytes, type, end, CancellationToken.None).WithTimeout();

    /// <summary>The next message, or <see langword="null"/> when the gateway has closed.</summary>
    public async Task<byte[]?> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(TestTimeout.Limit);
        var bytes = new MemoryStream();
        var buffer = new byte[4096];
        WebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer, limit.Token);
            bytes.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);

        return part.MessageType == WebSocketMessageType.Close ? null : bytes.ToArray();
    }

    public async Task<JsonNode?> ReceiveJsonAsync() => await ReceiveAsync() is { } bytes ? JsonNode.Parse(bytes) : null;

    public Task CloseAsync() => _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None).WithTimeout();

    public void Abort() => _socket.Abort();

    public void Dispose() => _socket.Dispose();
}
