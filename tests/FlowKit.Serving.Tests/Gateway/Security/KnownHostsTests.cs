using System.Net;
using System.Net.WebSockets;
using FlowKit.TestKit;

namespace FlowKit.Serving.Gateway.Security;

/// <summary>A name that a page has led to this machine is not the gateway's.</summary>
public sealed class KnownHostsTests
{
    private const string Foreign = "shop.example";

    [Fact]
    public async Task Every_route_and_every_socket_refuses_a_foreign_name_with_421()
    {
        var calls = 0;
        await using var gateway = await TestGateway.StartAsync(
            RouteTable.Settings, new FlowScript().Edit("a", _ => Interlocked.Increment(ref calls)));
        var host = $"{Foreign}:{gateway.Host.Address.Port}";

        foreach (var route in RouteTable.Of(gateway))
        {
            var status = await RouteTable.AskAsync(gateway, route, "application/json", ("Host", host), ("Origin", $"http://{host}"));
            Assert.True(status is HttpStatusCode.MisdirectedRequest, $"{route}: {status}");
        }

        await Assert.ThrowsAsync<WebSocketException>(() => TestSocket.OpenAsync(gateway, "/", null, ("Host", host), ("Origin", $"http://{host}")));
        Assert.Equal(0, calls);
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST:8080", true)]
    [InlineData("flow.localhost", true)]
    [InlineData("localhost.", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.9.9.9:80", true)]
    [InlineData("[::1]:8080", true)]
    [InlineData("192.0.2.7", false)]
    [InlineData("flow", false)]
    [InlineData("localhost.shop.example", false)]
    [InlineData("127.0.0.1.shop.example", false)]
    [InlineData("shop.example", false)]
    public async Task On_loopback_only_its_own_names_are_known(string host, bool isKnown)
    {
        await using var gateway = await TestGateway.StartAsync();

        var expected = isKnown ? HttpStatusCode.OK : HttpStatusCode.MisdirectedRequest;

        Assert.Equal(expected, await RouteTable.AskAsync(gateway, ("GET", "/status"), null, ("Host", host)));
    }

    [Theory]
    [InlineData("192.0.2.7:8080", true)]
    [InlineData("[2001:db8::7]", true)]
    [InlineData("localhost", true)]
    [InlineData("gateway", true)]
    [InlineData("flow.team.svc.cluster.local", true)]
    [InlineData("flow.internal", true)]
    [InlineData("{machine}", true)]
    [InlineData("shop.example", false)]
    [InlineData("gateway.shop.example", false)]
    public async Task On_other_addresses_the_machines_names_and_those_that_no_page_can_have_are_known(string host, bool isKnown)
    {
        await using var gateway = await TestGateway.StartAsync("host: 0.0.0.0");

        var expected = isKnown ? HttpStatusCode.OK : HttpStatusCode.MisdirectedRequest;
        var name = host.Replace("{machine}", Dns.GetHostName(), StringComparison.Ordinal);

        Assert.Equal(expected, await RouteTable.AskAsync(gateway, ("GET", "/status"), null, ("Host", name)));
    }

    [Theory]
    [InlineData("hosts: [flow.example, \"*.team.example\"]", "FLOW.example:8080", HttpStatusCode.OK)]
    [InlineData("hosts: [flow.example, \"*.team.example\"]", "a.team.example", HttpStatusCode.OK)]
    [InlineData("hosts: [flow.example, \"*.team.example\"]", "ateam.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("hosts: [flow.example, \"*.team.example\"]", "localhost", HttpStatusCode.OK)]
    [InlineData("hosts: \"*\"", "shop.example", HttpStatusCode.OK)]
    [InlineData("cors: true", "shop.example", HttpStatusCode.OK)]
    [InlineData("api_keys: first-key-0123456789", "shop.example", HttpStatusCode.Unauthorized)]
    [InlineData("api_keys: first-key-0123456789, hosts: flow.example", "shop.example", HttpStatusCode.MisdirectedRequest)]
    public async Task More_names_are_known_by_hosts_and_none_is_asked_where_no_page_gets_in(string settings, string host, HttpStatusCode expected)
    {
        await using var gateway = await TestGateway.StartAsync(settings);

        Assert.Equal(expected, await RouteTable.AskAsync(gateway, ("GET", "/status"), null, ("Host", host)));
    }

    [Fact]
    public async Task The_refusal_names_the_host_and_the_key()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/status") { Headers = { Host = Foreign } };

        using var response = await gateway.Http.SendAsync(request);

        Assert.Equal(
            """{"detail":"'shop.example' is not a name of this gateway; 'gateway.hosts' names more."}""",
            (await response.Content.ReadAsStringAsync()).Replace("\\u0027", "'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Clients_of_gRPC_come_by_any_name()
    {
        await using var gateway = await TestGateway.StartAsync("protocol: grpc");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/jina.JinaInfoRPC/_status")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { Host = Foreign },
            Content = new ByteArrayContent([0, 0, 0, 0, 0]) { Headers = { ContentType = new("application/grpc") } },
        };

        using var response = await gateway.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
