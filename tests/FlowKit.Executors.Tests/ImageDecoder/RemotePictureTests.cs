using System.Net;
using System.Net.Sockets;

namespace FlowKit.Executors.Tests.Decoding;

/// <summary>Pictures fetched from a real server on this machine.</summary>
public sealed class RemotePictureTests : IAsyncLifetime
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private Task _serving = Task.CompletedTask;

    private string Host => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public Task InitializeAsync()
    {
        _listener.Start();
        _serving = ServeAsync();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    [Fact]
    public async Task A_named_host_is_fetched_from()
    {
        var document = await FetchAsync($"http://{Host}/dog.jpg", $"'{Host}'");

        Assert.Null(document.Error);
        Assert.Equal(3, document.Tensor!.Rank);
    }

    [Fact]
    public async Task A_body_that_is_stored_compressed_is_unpacked() => Assert.Null((await FetchAsync($"http://{Host}/gzip", $"'{Host}'")).Error);

    [Fact]
    public async Task A_redirect_within_the_host_is_followed() =>
        Assert.Null((await FetchAsync($"http://{Host}/moved", $"'{Host}'")).Error);

    [Theory]
    [InlineData("/dog.jpg", "'*'", FlowErrorCode.PermissionDenied, "no public address")]
    [InlineData("/dog.jpg", "'example.org'", FlowErrorCode.PermissionDenied, "may not fetch")]
    [InlineData("/elsewhere", null, FlowErrorCode.PermissionDenied, "may not fetch from")]
    [InlineData("/circle", null, FlowErrorCode.InvalidArgument, "redirects more than")]
    [InlineData("/none", null, FlowErrorCode.NotFound, "answered 404")]
    [InlineData("/long", null, FlowErrorCode.PayloadTooLarge, "max_bytes")]
    [InlineData("/chunked", null, FlowErrorCode.PayloadTooLarge, "max_bytes")]
    [InlineData("/bomb", null, FlowErrorCode.PayloadTooLarge, "max_bytes")]
    [InlineData("/page", null, FlowErrorCode.InvalidArgument, "answered with a web page (text/html)")]
    [InlineData("/slow", null, FlowErrorCode.DeadlineExceeded, "fetch_timeout")]
    public async Task Anything_else_is_an_error_of_the_document(string path, string? hosts, FlowErrorCode code, string why)
    {
        var document = await FetchAsync($"http://{Host}{path}", hosts ?? $"'{Host}'");

        Assert.Equal(code, document.Error?.Code);
        Assert.Contains(why, document.Error!.Message, StringComparison.Ordinal);
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static async Task<Document> FetchAsync(string uri, string hosts)
    {
        await using var flow = await TestFlow.StartAsync($"- {{ uses: ImageDecoder, uses_with: {{ hosts: [{hosts}], max_bytes: 200000, fetch_timeout: 1000 }} }}");
        return (await flow.SendAsync("/", [new Document { Uri = uri }]))[0];
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using var connection = client;
        try
        {
            var stream = client.GetStream();
            using var reader = new StreamReader(stream, leaveOpen: true);
            var path = (await reader.ReadLineAsync(_stop.Token))!.Split(' ')[1];
            await WriteAsync(stream, path);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The decoder hung up, as it should on a body that is too long or too slow.
        }
    }

    private async Task WriteAsync(NetworkStream stream, string path)
    {
        switch (path)
        {
            case "/dog.jpg":
                await SendAsync(stream, "200 OK", "", Picture.Named("dog"));
                break;
            case "/gzip":
                await SendAsync(stream, "200 OK", "Content-Encoding: gzip\r\n", Gzip(Picture.Named("dog")));
                break;
            case "/bomb":
                await SendAsync(stream, "200 OK", "Content-Encoding: gzip\r\n", Gzip(new byte[2_000_000]));
                break;
            case "/page":
                await SendAsync(stream, "200 OK", "Content-Type: text/html; charset=utf-8\r\n", "\n<!doctype html><p>Log in</p>"u8.ToArray());
                break;
            case "/moved":
                await SendAsync(stream, "302 Found", "Location: /dog.jpg\r\n", []);
                break;
            case "/elsewhere":
                await SendAsync(stream, "302 Found", "Location: http://localhost/dog.jpg\r\n", []);
                break;
            case "/circle":
                await SendAsync(stream, "302 Found", "Location: /circle\r\n", []);
                break;
            case "/long":
                await SendAsync(stream, "200 OK", "", new byte[300_000]);
                break;
            case "/chunked":
                await WriteTextAsync(stream, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                for (var i = 0; i < 100; i++)
                {
                    await WriteTextAsync(stream, $"2710\r\n{new string('x', 10_000)}\r\n");
                }

                break;
            case "/slow":
                await WriteTextAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx");
                await Task.Delay(Timeout.Infinite, _stop.Token);
                break;
            default:
                await SendAsync(stream, "404 Not Found", "", []);
                break;
        }
    }

    private static async Task SendAsync(NetworkStream stream, string status, string headers, byte[] body)
    {
        await WriteTextAsync(stream, $"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n{headers}\r\n");
        await stream.WriteAsync(body);
    }

    private static async Task WriteTextAsync(NetworkStream stream, string text) => await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(text));
}
