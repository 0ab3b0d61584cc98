using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace FlowKit.Benchmarks.Wire;

/// <summary>Bare Kestrel, asked by bare HttpClient: the same bytes there and back in the same protocol, and nobody looks at them.</summary>
internal sealed class KestrelEcho : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _http;
    private readonly Version _version;
    private readonly byte[] _sent;

    private KestrelEcho(WebApplication app, HttpMessageInvoker http, Version version, byte[] sent) => (_app, _http, _version, _sent) = (app, http, version, sent);

    /// <param name="version">HTTP/1.1 or HTTP/2 without TLS.</param>
    /// <param name="bytes">What each request carries, and its answer.</param>
    public static async Task<KestrelEcho> StartAsync(Version version, int bytes)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            Serving.Grpc.GrpcPort.Limit(kestrel.Limits.Http2);
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, port => port.Protocols = version == HttpVersion.Version20 ? HttpProtocols.Http2 : HttpProtocols.Http1);
        });
        var app = builder.Build();
        app.Run(static async context =>
        {
            context.Response.ContentLength = context.Request.ContentLength;
            await context.Request.BodyReader.CopyToAsync(context.Response.BodyWriter);
        });
        await app.StartAsync();
        var http = new SocketsHttpHandler { EnableMultipleHttp2Connections = true, InitialHttp2StreamWindowSize = 1 << 20, UseProxy = false, UseCookies = false };
        return new KestrelEcho(app, new HttpMessageInvoker(http), version, new byte[bytes]);
    }

    /// <summary>One request.</summary>
    public async ValueTask SendAsync(int caller)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _app.Urls.Single()) { Version = _version, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(_sent) };
        using var response = await _http.SendAsync(request, CancellationToken.None);
        var received = new byte[_sent.Length];
        await using var body = await response.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(received);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }
}
