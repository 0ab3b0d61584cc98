using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using FlowKit.Client;
using FlowKit.Configuration.Diagnostics;
using FlowKit.TestKit;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FlowKit.Hosting;

public sealed class MapFlowTests
{
    private const string Ask = """{"data": [{"text": "a"}], "execEndpoint": "/upper"}""";

    [Theory]
    [InlineData("")]
    [InlineData("/ai/search")]
    public async Task Every_route_of_a_flow_stands_under_the_prefix(string prefix)
    {
        await using var app = await TestApp.StartAsync(services => services.AddFlow(flow => flow.Add<Upper>("upper")), app => app.MapFlow(prefix));

        var reply = await app.PostAsync($"{prefix}/post", Ask);
        Assert.Equal("A", (string?)reply["data"]![0]!["text"]);
        Assert.Equal(HttpStatusCode.OK, (await app.Client.GetAsync($"{prefix}/ready")).StatusCode);
        foreach (var probe in (string[])["live", "ready", "startup"])
        {
            Assert.Equal(HttpStatusCode.OK, (await app.Client.GetAsync($"{prefix}/health/{probe}")).StatusCode);
        }

        Assert.Equal("{}", await app.Client.GetStringAsync($"{prefix}/"));
        Assert.Equal("text/css; charset=utf-8", (await app.Client.GetAsync($"{prefix}/assets/app.css")).Content.Headers.ContentType!.ToString());

        var description = JsonNode.Parse(await app.Client.GetStringAsync($"{prefix}/openapi.json"))!;
        Assert.Contains($"{prefix}/post", description["paths"]!.AsObject().Select(path => path.Key));
        Assert.DoesNotContain("/own", description["paths"]!.AsObject().Select(path => path.Key));
        Assert.Contains("/upper", (string?)description["paths"]![$"{prefix}/post"]!["post"]!["description"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/ai", "/ai", "<base href=\"/ai/\">")]
    [InlineData("/ai", "/ai/", "<base href=\"/ai/\">")]
    [InlineData("/ai", "/ai/docs", "<base href=\"/ai/\">")]
    [InlineData("", "/docs", "<base href=\"/\">")]
    public async Task A_page_finds_its_files_from_where_it_is_mapped(string prefix, string path, string root)
    {
        await using var app = await TestApp.StartAsync(services => services.AddFlow(flow => flow.Add<Upper>("upper")), app => app.MapFlow(prefix));
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", "text/html" } } };
        using var response = await app.Client.SendAsync(request);
        Assert.Contains(root, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_flows_stand_in_one_application_beside_its_own_routes()
    {
        await using var app = await TestApp.StartAsync(
            services => services
                .AddFlow("loud", flow => flow.Add<Upper>("upper", executor => executor.Uses.With("suffix", "!")))
                .AddFlow("plain", flow => flow.Add<Upper>("upper")),
            app =>
            {
                app.MapFlow("/loud", "loud");
                app.MapFlow("/plain", "plain");
            });

        Assert.Equal("A!", (string?)(await app.PostAsync("/loud/post", Ask))["data"]![0]!["text"]);
        Assert.Equal("A", (string?)(await app.PostAsync("/plain/post", Ask))["data"]![0]!["text"]);
        Assert.Equal("own", await app.Client.GetStringAsync("/own"));
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.GetAsync("/post")).StatusCode);
        var described = JsonNode.Parse(await app.Client.GetStringAsync("/loud/openapi.json"))!["paths"]!.AsObject().Select(path => path.Key).ToList();
        Assert.All(described, path => Assert.StartsWith("/loud/", path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_applications_authorization_counts_for_every_route()
    {
        await using var app = await TestApp.StartAsync(
            services =>
            {
                services.AddFlow(flow => flow.Add<Upper>("upper"));
                services.AddAuthentication("Test").AddScheme<AuthenticationSchemeOptions, ByHeader>("Test", null);
                services.AddAuthorization();
            },
            app => app.MapFlow("/ai").RequireAuthorization());

        foreach (var path in new[] { "/ai/ready", "/ai/status", "/ai/", "/ai/openapi.json", "/ai/dry_run" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await app.Client.GetAsync(path)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Client.PostAsync("/ai/post", Json(Ask))).StatusCode);
        app.Client.DefaultRequestHeaders.Add("X-User", "somebody");
        Assert.Equal("A", (string?)(await app.PostAsync("/ai/post", Ask))["data"]![0]!["text"]);
    }

    [Fact]
    public async Task The_flows_own_keys_count_too()
    {
        const string Key = "0123456789abcdef0123456789abcdef";
        await using var app = await TestApp.StartAsync(services => services.AddFlow(flow => flow.Add<Upper>("upper").Set("gateway.api_keys", new[] { Key })), app => app.MapFlow("/ai"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Client.PostAsync("/ai/post", Json(Ask))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.Client.GetAsync("/ai/ready")).StatusCode);
        app.Client.DefaultRequestHeaders.Add("X-API-Key", Key);
        Assert.Equal(HttpStatusCode.OK, (await app.Client.PostAsync("/ai/post", Json(Ask))).StatusCode);
    }

    [Fact]
    public async Task Errors_are_the_gateways_own()
    {
        await using var app = await TestApp.StartAsync(services => services.AddFlow(flow => flow.Add<Upper>("upper").Set("gateway.max_request_size", 2000)), app => app.MapFlow("/ai"));
        using var wrong = await app.Client.PostAsync("/ai/post", Json("{"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Equal("value_error.jsondecode", (string?)(await wrong.Content.ReadFromJsonAsync<JsonNode>())!["detail"]![0]!["type"]);
        using var large = await app.Client.PostAsync("/ai/post", Json($$"""{"data": [{"text": "{{new string('x', 4000)}}"}]}"""));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
    }

    [Fact]
    public async Task Sockets_are_served_under_the_prefix()
    {
        await using var app = await TestApp.StartAsync(services => services.AddFlow(flow => flow.Add<Upper>("upper")), app => app.MapFlow("/ai"));
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(app.Address) { Scheme = "ws", Path = "/ai/" }.Uri, CancellationToken.None).WithTimeout();
        await socket.SendAsync(Encoding.UTF8.GetBytes(Ask), WebSocketMessageType.Text, true, CancellationToken.None);
        var buffer = new byte[64 * 1024];
        var received = await socket.ReceiveAsync(buffer, CancellationToken.None).WithTimeout();
        Assert.Contains("\"A\"", Encoding.UTF8.GetString(buffer, 0, received.Count), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reply_may_be_streamed_and_compressed_without_touching_the_application()
    {
        await using var app = await TestApp.StartAsync(
            services => services.AddSingleton(new Greeting()).AddFlow(flow => flow.Add<Greeter>("greeter")), app => app.MapFlow("/ai"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/ai/post") { Content = Json("""{"data": [{}], "execEndpoint": "/stream"}"""), Headers = { { "Accept", "text/event-stream" } } };
        using var response = await app.Client.SendAsync(request);
        Assert.Contains("Hello 2", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var zipped = new HttpRequestMessage(HttpMethod.Post, "/ai/post") { Content = Json($$"""{"data": [{"text": "{{new string('x', 5000)}}"}], "execEndpoint": "/greet"}"""), Headers = { { "Accept-Encoding", "gzip" } } };
        using var reply = await app.Client.SendAsync(zipped);
        Assert.Equal(["gzip"], reply.Content.Headers.ContentEncoding);
        using var own = new HttpRequestMessage(HttpMethod.Get, "/own") { Headers = { { "Accept-Encoding", "gzip" } } };
        Assert.Empty((await app.Client.SendAsync(own)).Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task Grpc_is_mapped_where_the_applications_server_speaks_http2()
    {
        await using var app = await TestApp.StartAsync(
            services => services.AddFlow(flow => flow.Add<Upper>("upper")).Configure<KestrelServerOptions>(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2)),
            app => app.MapFlow());
        await using var client = new FlowClient(new UriBuilder(app.Address) { Scheme = "grpc" }.Uri.ToString());
        var reply = await client.PostAsync("/upper", [new Document { Text = "a" }]);
        Assert.Equal("A", reply.Documents[0].Text);
        Assert.True(await client.IsFlowReadyAsync());
    }

    [Fact]
    public async Task Health_checks_tell_how_a_flow_is()
    {
        await using var app = await TestApp.StartAsync(
            services =>
            {
                services.AddFlow(flow => flow.Add<Upper>("upper"));
                services.AddHealthChecks().AddFlow();
            },
            app => app.MapHealthChecks("/health"));

        Assert.Equal("Healthy", await app.Client.GetStringAsync("/health"));
        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal("1 of 1 replicas serve", report.Entries["flow"].Data["upper"]);

        await app.Services.GetRequiredService<Flow>().DisposeAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await app.Client.GetAsync("/health")).StatusCode);
    }

    [Fact]
    public async Task What_a_mapped_flow_says_in_vain_is_logged()
    {
        using var logs = new CollectedLogs();
        await using var app = await TestApp.StartAsync(
            services => services.AddSingleton<ILoggerFactory>(logs).AddFlow(flow => flow.Add<Upper>("upper").Set("gateway.cors", true)), app => app.MapFlow());
        Assert.Contains(logs.Lines, line => line.Contains("gateway.cors counts only where the flow listens itself", StringComparison.Ordinal));
    }

    [Fact]
    public void Mapping_without_a_flow_says_what_to_write()
    {
        using var app = WebApplication.CreateSlimBuilder().Build();
        var error = Assert.Throws<InvalidOperationException>(() => app.MapFlow());
        Assert.Equal("No flow is added; call builder.Services.AddFlow(\"flow.yml\") before app.MapFlow().", error.Message);
    }

    [Fact]
    public void Mapping_a_name_that_is_not_there_tells_those_that_are()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddFlow("images", "images.yml").AddFlow("texts", "texts.yml");
        using var app = builder.Build();
        Assert.Equal("No flow is named 'image'; there are images, texts.", Assert.Throws<InvalidOperationException>(() => app.MapFlow("/", "image")).Message);
        Assert.Equal("There are several flows; say which: images, texts.", Assert.Throws<InvalidOperationException>(() => app.MapFlow()).Message);
    }

    [Fact]
    public void Mapping_a_file_that_is_not_there_tells_its_path()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddFlow("nowhere.yml");
        using var app = builder.Build();
        Assert.StartsWith("nowhere.yml: ", Assert.Throws<FlowConfigException>(() => app.MapFlow()).Message, StringComparison.Ordinal);
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    /// <summary>Lets in whoever says a name.</summary>
    private sealed class ByHeader(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, System.Text.Encodings.Web.UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers["X-User"] is not { Count: 1 } user)
            {
                return Task.FromResult(AuthenticateResult.NoResult());
            }

            var principal = new System.Security.Claims.ClaimsPrincipal(new System.Security.Claims.ClaimsIdentity([new("name", user!)], Scheme.Name));
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(principal, Scheme.Name)));
        }
    }

    /// <summary>A real application on a free port.</summary>
    private sealed class TestApp : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly TempFolder _folder;

        private TestApp(WebApplication app, TempFolder folder)
        {
            (_app, _folder) = (app, folder);
            Address = new Uri(app.Urls.First());
            Client = new HttpClient { BaseAddress = Address };
        }

        public Uri Address { get; }

        public HttpClient Client { get; }

        public IServiceProvider Services => _app.Services;

        public static async Task<TestApp> StartAsync(Action<IServiceCollection> configure, Action<WebApplication> map)
        {
            var folder = new TempFolder();
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            configure(builder.Services);
            builder.Services.ConfigureAll<FlowHostOptions>(options => options.Workspace = folder.Path);
            var app = builder.Build();
            map(app);
            app.MapGet("/own", () => "own");
            await app.StartAsync();
            return new TestApp(app, folder);
        }

        public async Task<JsonNode> PostAsync(string path, string body)
        {
            using var response = await Client.PostAsync(path, Json(body));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return (await response.Content.ReadFromJsonAsync<JsonNode>())!;
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await _app.DisposeAsync();
            _folder.Dispose();
        }
    }
}
