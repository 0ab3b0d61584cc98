using FlowKit.Serving.Gateway;
using FlowKit.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowKit.Client.Tests;

/// <summary>A flow of one scripted executor behind a gateway, with clients of every protocol.</summary>
internal sealed class ServedFlow : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private TestFlow _flow = null!;

    public const string Key = "a-key-of-the-tests-0123";

    public FlowScript Script { get; } = new();

    public GatewayHost Gateway { get; private set; } = null!;

    public int InFlight => _flow.Runtime.InFlight;

    public static async Task<ServedFlow> StartAsync(string settings = "", bool tls = false)
    {
        var served = new ServedFlow();
        if (tls)
        {
            TestCertificate.Write(served._folder.Path);
            settings += ", ssl_certfile: cert.pem, ssl_keyfile: key.pem";
        }

        served._flow = await TestFlow.StartAsync(FlowText.Graph(("first, replicas: 4", "gateway")).WithGateway($"port: 0{settings}"), new TestFlowOptions { Script = served.Script, Folder = served._folder.Path });
        served.Gateway = await GatewayHost.StartAsync(served._flow.Runtime, served._flow.Config, NullLoggerFactory.Instance, CancellationToken.None);
        return served;
    }

    public FlowClient Connect(string scheme = "http", FlowClientOptions? options = null) => new(
        new UriBuilder(Gateway.Address) { Scheme = scheme }.Uri.ToString(),
        (options ?? new FlowClientOptions()) with { TrustedCertificatesFile = scheme is "https" or "wss" or "grpcs" ? Path.Combine(_folder.Path, "cert.pem") : null });

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await _flow.DisposeAsync();
        _folder.Dispose();
    }
}
