using System.Diagnostics;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using FlowKit.TestKit;
using FlowKit.Wire.Grpc.Client;
using Grpc.Core;

namespace FlowKit.Serving.Grpc;

/// <summary>Our client with a real foreign server, Python's grpcio.</summary>
public sealed class ForeignServerTests : ClientTests
{
    private protected override Task<PacketPeer> StartAsync() => ServeAsync("grpc", new GrpcConnectionOptions());

    [PythonFact]
    public async Task Calls_go_over_TLS_to_a_server_that_is_trusted()
    {
        using var folder = new TempFolder();
        TestCertificate.Write(folder.Path);
        var files = new[] { Path.Combine(folder.Path, "key.pem"), Path.Combine(folder.Path, "cert.pem") };
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(files[1]);
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(certificate);
        await using var trusted = await ServeAsync("grpcs", new GrpcConnectionOptions { Tls = new SslClientAuthenticationOptions { CertificateChainPolicy = trust } }, files);
        using var untrusting = new GrpcConnection(trusted.Channel.Address);

        Assert.Equal("a"u8.ToArray(), await trusted.Channel.UnaryAsync(Packets.Echo, "a"u8.ToArray()));
        var refused = await Assert.ThrowsAsync<RpcException>(() => untrusting.UnaryAsync(Packets.Echo, "a"u8.ToArray()));
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
    }

    private static async Task<PacketPeer> ServeAsync(string scheme, GrpcConnectionOptions options, params string[] files)
    {
        var process = await Python.StartAsync("server.py", files);
        _ = process.StandardError.ReadToEndAsync();
        var port = await process.StandardOutput.ReadLineAsync().WithTimeout();
        return new PacketPeer(new GrpcConnection(new Uri($"{scheme}://localhost:{port}"), options), () => StopAsync(process));
    }

    private static async ValueTask StopAsync(Process process)
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync().WithTimeout();
        process.Dispose();
    }
}
