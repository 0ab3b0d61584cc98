using System.Net;
using System.Net.WebSockets;
using FlowKit.Configuration.Gateway;
using FlowKit.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace FlowKit.Serving.Gateway.Security;

/// <summary>Every route with no key, a wrong one, and one of each scope, over every protocol.</summary>
public sealed class ScopeTests
{
    private const string Wrong = "wrong-key-0123456789";
    private const string Read = "read-key-0123456789";
    private const string Write = "write-key-0123456789";
    private const string Admin = "admin-key-0123456789";

    private static readonly string s_keys =
        $"api_keys: [{Read} scopes=read, \"{Write} name=loader scopes=read,write\", \"sha256:{ApiKeyDigest.Of(Admin)} scopes=admin\"]".Replace(
            $"{Read} scopes=read", $"\"{Read} scopes=read\"", StringComparison.Ordinal);

    private static readonly string?[] s_callers = [null, Wrong, Read, Write, Admin];

    [Fact]
    public async Task Every_route_asks_for_its_scope()
    {
        await using var gateway = await TestGateway.StartAsync($"{s_keys}, {RouteTable.Settings}");

        foreach (var route in RouteTable.Of(gateway))
        {
            var answers = new List<HttpStatusCode>();
            foreach (var key in s_callers)
            {
                answers.Add(await RouteTable.AskAsync(gateway, route, "application/json", key is null ? [] : [("X-API-Key", key)]));
            }

            var expected = Expected(route);
            Assert.Equal((route, string.Join(' ', expected)), (route, string.Join(' ', answers.Select(Kind))));
        }
    }

    /// <summary>401, 403, or let in, whatever is then answered; in the order of the callers.</summary>
    private static string[] Expected((string Method, string Path) route) => route switch
    {
        (_, "/" or "/ready" or "/docs" or "/assets/app.js" or "/health/live" or "/health/ready" or "/health/startup") => ["in", "in", "in", "in", "in"],
        (_, "/admin/scale" or "/admin/pause" or "/admin/reload") => ["401", "401", "403", "403", "in"],
        (_, "/index" or "/update" or "/delete") => ["401", "401", "403", "in", "403"],
        (_, "/status" or "/status/flow" or "/status/events" or "/status/requests" or "/dry_run" or "/openapi.json") => ["401", "401", "in", "in", "in"],
        _ => ["401", "401", "in", "in", "403"],
    };

    private static string Kind(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => "401",
        HttpStatusCode.Forbidden => "403",
        _ => "in",
    };

    [Theory]
    [InlineData(null, "/search", FlowErrorCode.PermissionDenied)]
    [InlineData(Wrong, "/search", FlowErrorCode.PermissionDenied)]
    [InlineData(Read, "/search", null)]
    [InlineData(Read, "/index", FlowErrorCode.PermissionDenied)]
    [InlineData(Write, "/index", null)]
    [InlineData(Admin, "/search", FlowErrorCode.PermissionDenied)]
    public async Task Every_protocol_asks_alike(string? key, string endpoint, FlowErrorCode? expected)
    {
        foreach (var protocol in new[] { "http", "websocket", "grpc" })
        {
            await using var gateway = await TestGateway.StartAsync($"{s_keys}, protocol: {protocol}");
            await using var client = new FlowKit.Client.FlowClient(
                $"{(protocol == "websocket" ? "ws" : protocol)}://{gateway.Host.Address.Authority}", new FlowKit.Client.FlowClientOptions { ApiKey = key });

            var error = await Record.ExceptionAsync(async () =>
            {
                var reply = await client.PostAsync(endpoint, [new Document { Text = "x" }]);
                if (reply.Status is { Exception.Name: var name })
                {
                    throw new FlowKitException(new FlowError(Enum.Parse<FlowErrorCode>(name), reply.Status.Message));
                }
            });

            Assert.Equal((protocol, expected), (protocol, (error as FlowKitException)?.Error.Code));
        }
    }

    [Fact]
    public async Task A_key_is_valid_to_its_end_and_a_name_stands_in_the_refusal()
    {
        var time = new FakeTimeProvider(DateTimeOffset.Parse("2027-01-31T23:59:00Z", System.Globalization.CultureInfo.InvariantCulture));
        await using var gateway = await TestGateway.StartAsync(
            FlowText.Chain("a").WithGateway($"port: 0, api_keys: \"{Read} name=page scopes=read expires=2027-01-31\""),
            new TestFlowOptions(),
            new GatewayLimits { Time = time });

        Assert.Equal(HttpStatusCode.OK, await RouteTable.AskAsync(gateway, ("GET", "/status"), null, ("X-API-Key", Read)));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/index") { Headers = { { "X-API-Key", Read } }, Content = new StringContent("""{"data":[{}]}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")) };
        using var refused = await gateway.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("('page') does not allow /index: it needs the scope write", (await refused.Content.ReadAsStringAsync()).Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);

        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(HttpStatusCode.Unauthorized, await RouteTable.AskAsync(gateway, ("GET", "/status"), null, ("X-API-Key", Read)));
    }

    [Fact]
    public async Task A_socket_ends_with_its_key()
    {
        var time = new FakeTimeProvider(DateTimeOffset.Parse("2027-01-31T23:59:00Z", System.Globalization.CultureInfo.InvariantCulture));
        await using var gateway = await TestGateway.StartAsync(
            FlowText.Chain("a").WithGateway($"port: 0, api_keys: \"{Read} expires=2027-01-31\""),
            new TestFlowOptions(),
            new GatewayLimits { Time = time });
        using var socket = await TestSocket.OpenAsync(gateway, "/", null, ("X-API-Key", Read));
        const string Request = """{"header":{"requestId":"1"},"data":[{}],"execEndpoint":"/run"}""";

        await socket.SendAsync(Request);
        var answered = await socket.ReceiveAsync();
        time.Advance(TimeSpan.FromMinutes(2));
        await socket.SendAsync(Request);
        var closed = await socket.ReceiveAsync();

        Assert.NotNull(answered);
        Assert.Null(closed);
        Assert.Equal((WebSocketCloseStatus.PolicyViolation, "The key that opened this socket is no longer valid."), socket.Closed);
    }
}
