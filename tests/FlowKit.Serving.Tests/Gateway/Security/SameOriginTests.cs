using System.Net;
using System.Net.WebSockets;
using FlowKit.TestKit;

namespace FlowKit.Serving.Gateway.Security;

/// <summary>No page of another origin gets anything done, by whatever a browser lets it send without asking.</summary>
public sealed class SameOriginTests
{
    private static readonly string?[] s_simpleTypes =
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "application/json", null];

    private static readonly (string Name, string Value)[][] s_foreign =
    [
        [("Origin", "https://shop.example")],
        [("Origin", "null")],
        [("Sec-Fetch-Site", "cross-site")],
        [("Sec-Fetch-Site", "same-site")],
        [("Origin", "https://shop.example"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors")],
        [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "cors")],
    ];

    [Fact]
    public async Task Every_route_refuses_a_foreign_page_whatever_it_sends()
    {
        var calls = 0;
        var script = new FlowScript().Edit("a", _ => Interlocked.Increment(ref calls));
        await using var gateway = await TestGateway.StartAsync(RouteTable.Settings, script);
        var routes = RouteTable.Of(gateway);
        Assert.True(routes.Count >= 20, string.Join(", ", routes));

        foreach (var route in routes)
        {
            foreach (var type in route.Method is "GET" ? [null] : s_simpleTypes)
            {
                foreach (var headers in s_foreign)
                {
                    var status = await RouteTable.AskAsync(gateway, route, type, headers);

                    // A type that the route does not take is refused before anything else is looked at.
                    Assert.True(
                        status is HttpStatusCode.Forbidden || (status is HttpStatusCode.UnsupportedMediaType && type != "application/json"),
                        $"{route} {type} {string.Join(", ", headers)}: {status}");
                }
            }
        }

        Assert.Equal(0, calls);
    }

    [Theory]
    [InlineData("Origin", "http://{0}")]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    [InlineData("Sec-Fetch-Site", "none")]
    [InlineData("X-Other", "x")]
    public async Task Pages_of_the_gateway_and_programs_are_answered(string header, string value)
    {
        await using var gateway = await TestGateway.StartAsync();

        var told = value.Replace("{0}", gateway.Host.Address.Authority, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, await RouteTable.AskAsync(gateway, ("POST", "/post"), "application/json", (header, told)));
    }

    [Theory]
    [InlineData("https://{0}")]
    [InlineData("http://localhost:1")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://{0}.shop.example")]
    [InlineData("not an origin")]
    public async Task Scheme_host_and_port_make_the_origin(string origin)
    {
        await using var gateway = await TestGateway.StartAsync();

        var told = origin.Replace("{0}", gateway.Host.Address.Authority, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Forbidden, await RouteTable.AskAsync(gateway, ("POST", "/post"), "application/json", ("Origin", told)));
        await Assert.ThrowsAsync<WebSocketException>(() => TestSocket.OpenAsync(gateway, "/", null, ("Origin", told)));
    }

    [Fact]
    public async Task A_page_behind_a_proxy_that_ends_TLS_is_the_gateways_own()
    {
        await using var gateway = await TestGateway.StartAsync("hosts: flow.example");

        var status = await RouteTable.AskAsync(
            gateway, ("POST", "/post"), "application/json",
            ("Host", "flow.example"), ("Origin", "https://flow.example"), ("Sec-Fetch-Site", "same-origin"));

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Theory]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/docs", HttpStatusCode.OK)]
    [InlineData("/status", HttpStatusCode.Forbidden)]
    [InlineData("/dry_run", HttpStatusCode.Forbidden)]
    public async Task A_link_leads_to_a_page_and_to_nothing_that_works(string path, HttpStatusCode expected)
    {
        await using var gateway = await TestGateway.StartAsync();

        Assert.Equal(
            expected,
            await RouteTable.AskAsync(gateway, ("GET", path), null, ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate")));
    }

    [Fact]
    public async Task With_cors_every_page_is_answered()
    {
        await using var gateway = await TestGateway.StartAsync("cors: true");

        foreach (var headers in s_foreign)
        {
            Assert.Equal(HttpStatusCode.OK, await RouteTable.AskAsync(gateway, ("POST", "/post"), "application/json", headers));
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task What_a_form_may_send_is_taken_by_no_route_from_programs_either(string? type)
    {
        await using var gateway = await TestGateway.StartAsync(RouteTable.Settings);

        foreach (var route in RouteTable.Of(gateway).Where(route => route.Method != "GET"))
        {
            Assert.True(HttpStatusCode.UnsupportedMediaType == await RouteTable.AskAsync(gateway, route, type), route.ToString());
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/status")]
    [InlineData("/nope")]
    [InlineData("/assets/app.js")]
    public async Task Every_answer_says_that_it_is_nothing_else_and_stands_in_no_frame(string path)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.Http.GetAsync(path);

        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Contains("frame-ancestors 'none'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }
}
