using System.Net;
using System.Text;
using FlowKit.Tests;

namespace Aspire.Hosting.Running;

/// <summary>Takes what is sent by OTLP over HTTP, as Aspire's dashboard does.</summary>
internal sealed class TelemetryReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _reading;
    private readonly Lock _lock = new();
    private readonly List<(string Path, string Body)> _received = [];

    public TelemetryReceiver()
    {
        _listener.Prefixes.Add($"{Address}/");
        _listener.Start();
        _reading = ReadAsync();
    }

    public string Address { get; } = $"http://127.0.0.1:{FreePort.Find()}";

    /// <summary>Waits until something with a text in it came.</summary>
    public async Task ReceivesAsync(string path, string text, CancellationToken cancellationToken)
    {
        while (!Has(path, text))
        {
            await Task.Delay(100, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _reading;
    }

    /// <summary>Texts stand in Protocol Buffers as they are.</summary>
    private bool Has(string path, string text)
    {
        lock (_lock)
        {
            return _received.Exists(each => each.Path == path && each.Body.Contains(text, StringComparison.Ordinal));
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                lock (_lock)
                {
                    _received.Add((context.Request.Url!.AbsolutePath, Encoding.Latin1.GetString(body.ToArray())));
                }

                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }
}
