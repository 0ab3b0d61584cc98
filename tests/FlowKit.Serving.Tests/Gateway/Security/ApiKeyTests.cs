using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using FlowKit.Configuration.Gateway;
using FlowKit.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace FlowKit.Serving.Gateway;

public sealed class ApiKeyTests
{
    private const string One = "first-key-0123456789";
    private const string Two = "second-key-0123456789";

    private static async Task<HttpStatusCode> AskAsync(TestGateway gateway, string path, Action<HttpRequestHeaders>? head = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        head?.Invoke(request.Headers);
        using var response = await gateway.Http.SendAsync(request);
        return response.StatusCode;
    }

    [Fact]
    public async Task Every_key_opens_in_either_header_and_nothing_else_does()
    {
        await using var gateway = await TestGateway.StartAsync($"api_keys: [{One}, \"sha256:{ApiKeyDigest.Of(Two)}\"]");

        foreach (var key in new[] { One, Two })
        {
            Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, "/status", headers => headers.Authorization = new("Bearer", key)));
            Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, "/status", headers => headers.Add("X-API-Key", key)));
        }

        foreach (var wrong in new[] { One[..^1], One + "x", "", "sha256:" + ApiKeyDigest.Of(Two), ApiKeyDigest.Of(Two), new string('x', 5000) })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(gateway, "/status", headers => headers.TryAddWithoutValidation("X-API-Key", wrong)));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(gateway, "/status", headers => headers.Authorization = new("Basic", One)));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(gateway, $"/status?api_key={One}"));
    }

    [Fact]
    public async Task Without_a_key_401_says_how_and_only_probes_and_the_page_stay_open()
    {
        await using var gateway = await TestGateway.StartAsync($"api_keys: {One}");

        using var refused = await gateway.PostAsync("""{"data":[]}""");

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("Bearer", Assert.Single(refused.Headers.WwwAuthenticate).Scheme);
        Assert.Contains("X-API-Key", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        foreach (var path in new[] { "/dry_run", "/openapi.json", "/nope", "/status", "/Ready" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(gateway, path));
        }

        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, "/"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, "/ready"));

        // Its content, which it asks /openapi.json for, takes the key that the page takes.
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, "/docs"));
    }

    [Fact]
    public async Task A_header_that_comes_twice_is_refused()
    {
        await using var gateway = await TestGateway.StartAsync($"api_keys: {One}");

        var answer = await gateway.RawAsync($"GET /status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-API-Key: {One}\r\nX-API-Key: wrong\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 401 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_WebSocket_needs_a_key_though_it_opens_at_the_root()
    {
        await using var gateway = await TestGateway.StartAsync($"api_keys: {One}");

        await Assert.ThrowsAsync<WebSocketException>(() => TestSocket.OpenAsync(gateway));
        using var socket = await TestSocket.OpenAsync(gateway, "/", null, ("X-API-Key", One));

        Assert.Equal(WebSocketState.Open, socket.State);
    }

    [Fact]
    public async Task Keys_of_a_file_are_turned_without_a_restart_and_a_bad_file_changes_nothing()
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "keys");
        var time = new FakeTimeProvider();
        var logs = new CollectedLogs();
        await File.WriteAllTextAsync(file, $"# of the office\n\n{One}\r\n");
        var yaml = FlowText.Chain("a").WithGateway("port: 0, api_keys_file: keys");
        await using var gateway = await TestGateway.StartAsync(yaml, new TestFlowOptions { Folder = folder.Path, Loggers = logs }, new GatewayLimits { Time = time });
        Task<HttpStatusCode> Ask(string key) => AskAsync(gateway, "/status", headers => headers.Add("X-API-Key", key));

        Assert.Equal(HttpStatusCode.OK, await Ask(One));
        await File.WriteAllTextAsync(file, $"{Two}\n");
        Assert.Equal(HttpStatusCode.Unauthorized, await Ask(Two));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (await Ask(Two), await Ask(One)));

        await File.WriteAllTextAsync(file, "short\n");
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.OK, await Ask(Two));
        File.Delete(file);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.OK, await Ask(Two));
    }

    [Theory]
    [InlineData("", "holds no key")]
    [InlineData("# nothing\n", "holds no key")]
    [InlineData("first-key-0123456789\nšifra-šifra-šifra-šifra\n", "line 2: expected a key of at least 16 ASCII characters")]
    public async Task A_file_of_keys_that_cannot_be_used_stops_the_start(string content, string expected)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "keys"), content);

        var exception = await Assert.ThrowsAsync<FlowKitException>(() => TestGateway.StartAsync(
            FlowText.Chain("a").WithGateway("port: 0, api_keys_file: keys"), new TestFlowOptions { Folder = folder.Path }));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("šifra", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_of_keys_stops_the_start()
    {
        var exception = await Assert.ThrowsAsync<FlowKitException>(() => TestGateway.StartAsync("api_keys_file: no-such-keys"));

        Assert.Contains("gateway.api_keys_file", exception.Message, StringComparison.Ordinal);
    }
}
