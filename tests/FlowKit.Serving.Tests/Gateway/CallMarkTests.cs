using System.Net;
using System.Text;
using FlowKit.Runtime;
using FlowKit.TestKit;
using FlowKit.Tests;
using Microsoft.Extensions.Time.Testing;

namespace FlowKit.Serving.Gateway;

/// <summary>An executor that asks its own flow and waits, while nobody else could answer, is told of the loop.</summary>
public sealed class CallMarkTests
{
    private static readonly string s_outer = Body("outer", "^a$");
    private static readonly string s_inner = Body("inner");

    private readonly FakeTimeProvider _time = new();
    private readonly HttpClient _http = new();
    private readonly ManualGate _slow = new();
    private TestGateway? _gateway;

    /// <summary>Tells whether the last request of a loop is sent: before, it may be the first one that waits.</summary>
    private volatile bool _isAsking;

    [Theory]
    [InlineData("http")]
    [InlineData("in process")]
    public async Task An_executor_that_waits_for_itself_is_told_of_the_loop_and_the_next_request_is_answered(string way)
    {
        await using var gateway = await StartAsync("name: a, uses: Scripted", call => AskAsync(way, call.Token));

        var asked = gateway.PostAsync(s_outer);
        await TestTimeout.UntilAsync(() => _isAsking && gateway.Flow.Runtime.QueueDepths["a"] == 1, "the request to itself to wait");
        Assert.False(asked.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(10));

        using var answer = await asked.WithTimeout();
        Assert.Contains("'a' has sent this request to its own flow", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var next = await gateway.PostAsync(s_inner);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("in process")]
    public async Task Two_that_wait_for_each_other_are_told_of_the_loop_and_the_next_request_is_answered(string way)
    {
        await using var gateway = await StartPairAsync(way, replicas: 1);

        var asked = gateway.PostAsync(s_outer);
        await TestTimeout.UntilAsync(() => _isAsking && gateway.Flow.Runtime.QueueDepths["a"] == 1, "the request to the first to wait");
        _time.Advance(TimeSpan.FromSeconds(10));

        using var answer = await asked.WithTimeout();
        Assert.Contains(
            "'b' has sent this request to its own flow, which has waited 10 s for 'a': all its replicas (1) work on calls that wait, "
                + "directly or through others, for 'b'",
            System.Text.RegularExpressions.Regex.Unescape(await answer.Content.ReadAsStringAsync()),
            StringComparison.Ordinal);
        using var next = await gateway.PostAsync(s_inner);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    /// <summary>The first has a replica that is only slow, and takes the request in the end.</summary>
    [Fact]
    public async Task One_that_waits_for_a_slow_one_beside_its_loop_is_answered()
    {
        await using var gateway = await StartPairAsync("http", replicas: 2);
        var slow = gateway.PostAsync(Body("slow", "^a$"));
        await TestTimeout.UntilAsync(() => _slow.Waiting == 1, "the slow one");

        var asked = gateway.PostAsync(s_outer);
        await TestTimeout.UntilAsync(() => _isAsking && gateway.Flow.Runtime.QueueDepths["a"] == 1, "the request to the first to wait");
        _time.Advance(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(10));
        _slow.Open();

        using var answer = await asked.WithTimeout();
        Assert.Contains("inner", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var rest = await slow.WithTimeout();
    }

    [Fact]
    public async Task One_that_has_another_replica_is_answered()
    {
        await using var gateway = await StartAsync("name: a, uses: Scripted, replicas: 2", call => AskAsync("http", call.Token));

        using var answer = await gateway.PostAsync(s_outer).WithTimeout();

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

        using var answer = await gateway.PostAsync(s_outer).WithTimeout();
        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.Contains("inner", await sent!.WithTimeout(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_else_is_told_which_executor_calls()
    {
        using var other = new HttpListener();
        var port = FreePort.Find();
        other.Prefixes.Add($"http://127.0.0.1:{port}/");
        other.Start();
        await using var gateway = await StartAsync("name: a, uses: Scripted", async call => await _http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/"), call.Token));

        var asked = gateway.PostAsync(s_outer);
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

    /// <summary>The first asks the second alone, which asks the first alone.</summary>
    private async Task<TestGateway> StartPairAsync(string way, int replicas)
    {
        var script = new FlowScript()
            .On("a", async call =>
            {
                if (call.Documents[0].Id == "outer")
                {
                    call.Documents[0].Text = await AskAsync(way, call.Token, "middle", "^b$");
                }
                else if (call.Documents[0].Id == "slow")
                {
                    await _slow.PassAsync(call.Token);
                }

                return null;
            })
            .On("b", async call =>
            {
                if (call.Documents[0].Id == "middle")
                {
                    call.Documents[0].Text = await AskAsync(way, call.Token, "inner", "^a$");
                }

                return null;
            });
        _gateway = await TestGateway.StartAsync(
            $"jtype: Flow\nexecutors: [{{name: a, uses: Scripted, replicas: {replicas}}}, {{name: b, uses: Scripted}}]\ngateway: {{port: 0}}\n",
            new TestFlowOptions { Script = script, TimeProvider = _time });
        return _gateway;
    }

    private async Task<string> AskAsync(string way, CancellationToken cancellationToken, string document = "inner", string executor = "")
    {
        _isAsking = document == "inner";
        if (way == "in process")
        {
            var request = new FlowRequest("/x", [new Document(document)]) { TargetExecutor = executor };
            var reply = await _gateway!.Flow.Runtime.SendAsync(request, cancellationToken);
            return reply.Error?.Message ?? reply.Documents[0].Text ?? reply.Documents[0].Id;
        }

        using var content = new StringContent(Body(document, executor), Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(new Uri(_gateway!.Host.Address, "/post"), content, cancellationToken);
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }

    private static string Body(string document, string executor = "") =>
        $$"""{"data":[{"id":"{{document}}"}],"execEndpoint":"/x","targetExecutor":"{{executor}}"}""";
}
