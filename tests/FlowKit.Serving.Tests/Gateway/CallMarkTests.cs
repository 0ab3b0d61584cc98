using System.Net;
using System.Text;
using FlowKit.Runtime;
using FlowKit.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace FlowKit.Serving.Gateway;

/// <summary>An executor that asks its own flow and waits, while nobody else could answer, is told of the loop.</summary>
public sealed class CallMarkTests
{
    private const string Outer = """{"data":[{"id":"outer"}],"execEndpoint":"/x"}""";
    private const string Inner = """{"data":[{"id":"inner"}],"execEndpoint":"/x"}""";

    private readonly FakeTimeProvider _time = new();
    private readonly HttpClient _http = new();
    private TestGateway? _gateway;

    [Theory]
    [InlineData("http")]
    [InlineData("in process")]
    public async Task An_executor_that_waits_for_itself_is_told_of_the_loop_and_the_next_request_is_answered(string way)
    {
        await using var gateway = await StartAsync("name: a, uses: Scripted", call => AskAsync(way, call.Token));

        var asked = gateway.PostAsync(Outer);
        await TestTimeout.UntilAsync(() => gateway.Flow.Runtime.QueueDepths["a"] == 1, "the request to itself to wait");
        Assert.False(asked.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(10));

        using var answer = await asked.WithTimeout();
        Assert.Contains("'a' has sent this request to its own flow", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var next = await gateway.PostAsync(Inner);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task One_that_has_another_replica_is_answered()
    {
        await using var gateway = await StartAsync("name: a, uses: Scripted, replicas: 2", call => AskAsync("http", call.Token));

        using var answer = await gateway.PostAsync(Outer).WithTimeout();

        Assert.Contains("inner", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_sends_and_does_not_wait_is_served_when_its_call_has_ended()
    {
        Task<string>? sent = null;
        await using var gateway = await StartAsync("name: a, uses: Scripted", call =>
        {
            sent = AskAsync("http", CancellationToken.None);
            return Task.FromResult("sent");
        });

        using var answer = await gateway.PostAsync(Outer).WithTimeout();
        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.Contains("inner", await sent!.WithTimeout(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_else_is_told_which_executor_calls()
    {
        using var other = new HttpListener();
        var port = FreePort();
        other.Prefixes.Add($"http://127.0.0.1:{port}/");
        other.Start();
        await using var gateway = await StartAsync("name: a, uses: Scripted", async call => await _http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/"), call.Token));

        var asked = gateway.PostAsync(Outer);
        var context = await other.GetContextAsync().WithTimeout();

        Assert.DoesNotContain(context.Request.Headers.AllKeys, name => name!.StartsWith("X-FlowKit", StringComparison.OrdinalIgnoreCase));
        context.Response.Close();
        using var answer = await asked.WithTimeout();
    }

    private async Task<TestGateway> StartAsync(string executor, Func<ScriptedCall, Task<string>> outer)
    {
        var script = new FlowScript().On("a", async call =>
        {
            if (call.Documents[0].Id == "outer")
            {
                call.Documents[0].Text = await outer(call);
            }

            return null;
        });
        _gateway = await TestGateway.StartAsync(
            $"jtype: Flow\nexecutors: [{{{executor}}}]\ngateway: {{port: 0}}\n", new TestFlowOptions { Script = script, TimeProvider = _time });
        return _gateway;
    }

    private async Task<string> AskAsync(string way, CancellationToken cancellationToken)
    {
        if (way == "in process")
        {
            var reply = await _gateway!.Flow.Runtime.SendAsync(new FlowRequest("/x", [new Document("inner")]), cancellationToken);
            return reply.Error?.Message ?? reply.Documents[0].Id;
        }

        using var content = new StringContent(Inner, Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(new Uri(_gateway!.Host.Address, "/post"), content, cancellationToken);
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
