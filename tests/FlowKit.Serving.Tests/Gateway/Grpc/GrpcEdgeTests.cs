using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using FlowKit.TestKit;
using FlowKit.Wire;
using FlowKit.Wire.Grpc.Client;
using FlowKit.Wire.Grpc.Jina;
using FlowKit.Wire.Proto;
using Grpc.Core;

namespace FlowKit.Serving.Gateway.Grpc;

/// <summary>TLS and keys count for gRPC as for HTTP.</summary>
public sealed class GrpcEdgeTests
{
    private const string Key = "a-key-that-is-long-enough-0123456789";

    private static JinaMessage Request() => new(new DataRequest { RequestId = "1", ExecEndpoint = "/run", Documents = [new Document("1")] }, DocArrayDialect.V1);

    [Fact]
    public async Task One_port_speaks_HTTP_and_gRPC_where_there_is_TLS()
    {
        using var folder = new TempFolder();
        TestCertificate.Write(folder.Path);
        var yaml = FlowText.Chain("a").WithGateway("port: 0, protocol: [http, grpc], ssl_certfile: cert.pem, ssl_keyfile: key.pem");
        await using var gateway = await TestGateway.StartAsync(yaml, new TestFlowOptions { Folder = folder.Path });
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder.Path, "cert.pem")));
        var trusting = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        using var channel = new GrpcConnection(gateway.Host.Address, new GrpcConnectionOptions { Tls = trusting });
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = trusting });

        Assert.Equal(gateway.Host.HttpAddress, gateway.Host.GrpcAddress);
        Assert.Null((await channel.UnaryAsync(JinaDocumentMethods.Of(null).ProcessSingleData, Request())).Request.Status);
        using var page = await http.GetAsync(new Uri(gateway.Host.Address, "/dry_run"));
        Assert.True(page.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("x-api-key", Key)]
    [InlineData("authorization", "Bearer " + Key)]
    public async Task Without_the_key_a_call_is_unauthenticated(string name, string value)
    {
        await using var gateway = await TestGateway.StartAsync($"protocol: grpc, api_keys: {Key}");

        var refused = await Assert.ThrowsAsync<RpcException>(() => gateway.Grpc!.UnaryAsync(JinaDocumentMethods.Of(null).ProcessSingleData, Request()));
        var wrong = await Assert.ThrowsAsync<RpcException>(() => gateway.Grpc!.UnaryAsync(JinaDocumentMethods.Of(null).ProcessSingleData, Request(), CallSettings.Of(new Metadata { { name, value + "x" } })));
        var reply = await gateway.Grpc!.UnaryAsync(JinaDocumentMethods.Of(null).ProcessSingleData, Request(), CallSettings.Of(new Metadata { { name, value } }));

        Assert.Equal((StatusCode.Unauthenticated, StatusCode.Unauthenticated), (refused.StatusCode, wrong.StatusCode));
        Assert.Null(reply.Request.Status);
    }
}
