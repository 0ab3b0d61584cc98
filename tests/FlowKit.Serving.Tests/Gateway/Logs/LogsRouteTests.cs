using System.Diagnostics;
using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using FlowKit.TestKit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowKit.Serving.Gateway.Logs;

/// <summary><c>/admin/logs</c> of a gateway.</summary>
public sealed class LogsRouteTests : IAsyncLifetime
{
    private const string Key = "a-key-of-thirty-two-characters-31";

    private const string Secret = "quince-medlar-and-sorb";

    private readonly LogTail _tail = new(TimeProvider.System);
    private readonly HttpClient _http = new();
    private TestFlow _flow = null!;
    private GatewayHost _gateway = null!;

    public async Task InitializeAsync()
    {
        Environment.SetEnvironmentVariable("LOGS_ROUTE_TOKEN", Secret);
        _flow = await TestFlow.StartAsync(
            "jtype: Flow\nexecutors: [{name: a, uses: Scripted}]\ngateway: {port: 0, api_keys: ['" + Key + " scopes=admin'], title: '${{ ENV.LOGS_ROUTE_TOKEN }}'}\n", new TestFlowOptions());
        _gateway = await GatewayHost.StartAsync(
            _flow.Runtime, _flow.Config, NullLoggerFactory.Instance, [new LogsRoute(_tail, TimeProvider.System)], CancellationToken.None);
        (_http.BaseAddress, _http.DefaultRequestHeaders.Authorization) = (_gateway.Address, new("Bearer", Key));
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _gateway.DisposeAsync();
        await _flow.DisposeAsync();
    }

    [Fact]
    public async Task Lines_are_told_with_their_level_executor_and_trace_and_ended_when_nobody_follows()
    {
        using var activity = new Activity("asked").SetIdFormat(ActivityIdFormat.W3C).Start();
        Write("FlowKit.Executors.encoder", LogLevel.Warning, "took long");
        Write("FlowKit.Runtime", LogLevel.Information, "replica ranker/rep-1 of 2", null, new("Other", 2), new("Replica", "ranker/rep-1"));
        Write("Other", LogLevel.Error, "failed", new InvalidOperationException("it broke"));

        var lines = await ReadAsync("");

        Assert.Equal(["took long", "replica ranker/rep-1 of 2", "failed"], lines.Select(line => (string?)line["message"]));
        Assert.Equal(["Warning", "Information", "Error"], lines.Select(line => (string?)line["level"]));
        Assert.Equal(["encoder", "ranker", null], lines.Select(line => (string?)line["executor"]));
        Assert.All(lines, line => Assert.Equal(activity.TraceId.ToHexString(), (string?)line["trace"]));
        Assert.Equal(7, (int)lines[0]["event"]!);
        Assert.StartsWith("System.InvalidOperationException: it broke", (string?)lines[2]["exception"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("level=warning", "b c")]
    [InlineData("executor=one", "a c")]
    [InlineData("level=Error&executor=one", "c")]
    [InlineData("since=3600", "a b c")]
    [InlineData("executor=nobody", "")]
    public async Task Only_those_are_told_that_are_asked_for(string query, string expected)
    {
        Write("FlowKit.Executors.one", LogLevel.Information, "a");
        Write("FlowKit.Executors.two", LogLevel.Warning, "b");
        Write("FlowKit.Executors.one", LogLevel.Critical, "c");

        Assert.Equal(expected, string.Join(' ', (await ReadAsync(query)).Select(line => (string?)line["message"])));
    }

    [Fact]
    public async Task Who_follows_gets_the_lines_to_come_and_the_end_of_the_gateway()
    {
        Write("FlowKit", LogLevel.Information, "before");
        using var response = await _http.GetAsync("/admin/logs?follow=true", HttpCompletionOption.ResponseHeadersRead);
        await using var lines = SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator();

        Assert.True(await lines.MoveNextAsync().AsTask().WithTimeout());
        Assert.Contains("before", lines.Current.Data, StringComparison.Ordinal);
        Write("FlowKit", LogLevel.Information, "after");
        Assert.True(await lines.MoveNextAsync().AsTask().WithTimeout());
        Assert.Equal(("log", "after"), (lines.Current.EventType, (string?)JsonNode.Parse(lines.Current.Data)!["message"]));

        var stopping = _gateway.StopAsync(CancellationToken.None);
        Assert.False(await lines.MoveNextAsync().AsTask().WithTimeout());
        await stopping;
    }

    [Fact]
    public async Task The_last_thousand_are_kept_and_who_reads_too_slowly_is_told_how_many_are_lost()
    {
        var (_, next) = _tail.From(0);
        for (var i = 0; i < LogTail.Kept + 10; i++)
        {
            Write("FlowKit", LogLevel.Information, $"line {i}");
        }

        var lines = await ReadAsync("");

        Assert.Equal((LogTail.Kept, "line 10"), (lines.Count, (string?)lines[0]["message"]));
        Assert.Equal(next + 10, _tail.From(next).Lines[0].Number);
        Assert.Equal("line 1009", Assert.Single(_tail.From(LogTail.Kept + 9).Lines).Message);
    }

    [Fact]
    public async Task Nothing_of_a_line_takes_hold_of_a_terminal_and_secrets_and_endless_texts_are_left_out()
    {
        Write("FlowKit", LogLevel.Information, $"\e[31mred {Secret}");
        Write("FlowKit", LogLevel.Information, new string('x', LogTail.MaxText + 1));

        var lines = await ReadAsync("");

        Assert.Equal("\uFFFD[31mred ***", (string?)lines[0]["message"]);
        Assert.Equal((LogTail.MaxText, '…'), (((string)lines[1]["message"]!).Length, ((string)lines[1]["message"]!)[^1]));
    }

    [Theory]
    [InlineData("level=loud", "level: expected trace")]
    [InlineData("level=3", "level: expected trace")]
    [InlineData("since=10m", "since: expected a whole number")]
    [InlineData("follow=1", "follow: expected true or false")]
    [InlineData("executors=a", "executors: expected level, executor, since, follow")]
    public async Task What_cannot_be_asked_is_said(string query, string detail)
    {
        using var response = await _http.GetAsync($"/admin/logs?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(detail, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_so_many_follow_and_only_with_the_scope_admin()
    {
        var followers = new List<HttpResponseMessage>();
        for (var i = 0; i < LogsRoute.MaxFollowers; i++)
        {
            followers.Add(await _http.GetAsync("/admin/logs?follow=true", HttpCompletionOption.ResponseHeadersRead));
        }

        using (var refused = await _http.GetAsync("/admin/logs"))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        }

        followers.ForEach(follower => follower.Dispose());
        using var stranger = new HttpClient { BaseAddress = _gateway.Address };
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/admin/logs")).StatusCode);
    }

    [Fact]
    public async Task A_flow_without_keys_asks_for_one_all_the_same()
    {
        await using var flow = await TestFlow.StartAsync("jtype: Flow\nexecutors: [{name: a, uses: Scripted}]\ngateway: {port: 0}\n", new TestFlowOptions());
        await using var gateway = await GatewayHost.StartAsync(
            flow.Runtime, flow.Config, NullLoggerFactory.Instance, [new LogsRoute(_tail, TimeProvider.System)], CancellationToken.None);
        using var http = new HttpClient { BaseAddress = gateway.Address };

        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync("/admin/logs")).StatusCode);
    }

    private void Write(string category, LogLevel level, string message, Exception? exception = null, params KeyValuePair<string, object?>[] values) =>
        _tail.CreateLogger(category).Log(level, new EventId(7), values, exception, (_, _) => message);

    private async Task<List<JsonNode>> ReadAsync(string query)
    {
        using var response = await _http.GetAsync($"/admin/logs?{query}");
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        List<JsonNode> lines = [];
        await foreach (var line in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            lines.Add(JsonNode.Parse(line.Data)!);
        }

        return lines;
    }
}
