using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using FlowKit.Runtime;
using FlowKit.Serving.Gateway.Http;
using FlowKit.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace FlowKit.Serving.Gateway;

/// <summary>What is refused costs nothing, what is accepted stands in line as its caller says, and nobody holds a place for ever.</summary>
public sealed class AdmissionTests
{
    private const string Body = """{"data":[{"id":"1"}],"execEndpoint":"/x"}""";

    private static string Head(string more, long length) => $"POST /post HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{more}Content-Length: {length}\r\n\r\n";

    private static async Task<string> ReadOnceAsync(NetworkStream stream)
    {
        var buffer = new byte[64 * 1024];
        using var limit = new CancellationTokenSource(TestTimeout.Limit);
        return Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer, limit.Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Expect: 100-continue\r\n")]
    public async Task A_refused_request_is_answered_before_its_body_is_read(string more)
    {
        using var gate = new ManualGate();
        await using var gateway = await TestGateway.StartAsync("capacity: 1", new FlowScript().On("a", call => gate.PassAsync(call.Token)));
        var held = gateway.PostAsync(Body);
        await gate.ArrivedAsync();
        using var client = await gateway.ConnectAsync();
        var stream = client.GetStream();

        var started = Stopwatch.GetTimestamp();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Head(more, 200_000_000) + "{\"data\":[{\"text\":\""));
        var answer = await ReadOnceAsync(stream);
        var took = Stopwatch.GetElapsedTime(started);

        Assert.StartsWith("HTTP/1.1 429 ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nRetry-After: ", answer, StringComparison.Ordinal);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal(1, gateway.Flow.Runtime.InFlight);
        gate.Open();
        Assert.Equal(HttpStatusCode.OK, (await held).StatusCode);
    }

    [Fact]
    public async Task A_refused_client_that_goes_on_sending_does_not_disturb_the_others()
    {
        using var gate = new ManualGate();
        await using var gateway = await TestGateway.StartAsync("capacity: 1", new FlowScript().On("a", call => gate.PassAsync(call.Token)));
        var held = gateway.PostAsync(Body);
        await gate.ArrivedAsync();
        using var stubborn = await gateway.ConnectAsync();
        var stream = stubborn.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Head("", 200_000_000)));
        Assert.StartsWith("HTTP/1.1 429 ", await ReadOnceAsync(stream), StringComparison.Ordinal);
        using var stop = new CancellationTokenSource();
        var sending = SendForEverAsync(stream, stop.Token);

        gate.Open();
        Assert.Equal(HttpStatusCode.OK, (await held).StatusCode);
        for (var i = 0; i < 20; i++)
        {
            using var response = await gateway.PostAsync(Body);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await stop.CancelAsync();
        await sending;
    }

    [Fact]
    public async Task One_who_asks_again_as_soon_as_he_has_his_answer_is_not_refused()
    {
        await using var gateway = await TestGateway.StartAsync("capacity: 1");

        for (var i = 0; i < 300; i++)
        {
            using var response = await gateway.PostAsync(Body);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task Refusals_take_milliseconds_while_the_flow_is_full()
    {
        using var gate = new ManualGate();
        await using var gateway = await TestGateway.StartAsync("capacity: 1", new FlowScript().On("a", call => gate.PassAsync(call.Token)));
        var held = gateway.PostAsync(Body);
        await gate.ArrivedAsync();
        var large = $$"""{"data":[{"text":"{{new string('x', 1 << 20)}}"}]}""";
        var times = new List<double>();

        for (var i = 0; i < 50; i++)
        {
            var started = Stopwatch.GetTimestamp();
            using var response = await gateway.PostAsync(large);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        }

        Assert.InRange(times.Order().ElementAt(25), 0, 100);
        gate.Open();
        (await held).Dispose();
    }

    [Fact]
    public async Task A_body_that_comes_more_slowly_than_its_deadline_is_504_and_gives_its_place_back()
    {
        await using var gateway = await TestGateway.StartAsync("capacity: 1");
        using var client = await gateway.ConnectAsync();
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Head("X-Request-Timeout-Ms: 100\r\n", 1000) + "{"));

        var answer = await ReadOnceAsync(stream);

        Assert.StartsWith("HTTP/1.1 504 ", answer, StringComparison.Ordinal);
        Assert.Contains("before the body had come", answer, StringComparison.Ordinal);
        Assert.Equal(0, gateway.Flow.Runtime.InFlight);
    }

    [Fact]
    public async Task The_gateways_own_limit_holds_for_a_slow_body_as_well()
    {
        await using var gateway = await TestGateway.StartAsync("timeout_send: 100");
        using var client = await gateway.ConnectAsync();
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Head("", 1000)));

        Assert.StartsWith("HTTP/1.1 504 ", await ReadOnceAsync(stream), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_time_of_the_body_is_part_of_the_deadline()
    {
        using var gate = new ManualGate();
        await using var gateway = await TestGateway.StartAsync(script: new FlowScript().On("a", call => gate.PassAsync(call.Token)));
        using var client = await gateway.ConnectAsync();
        var stream = client.GetStream();
        var started = Stopwatch.GetTimestamp();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Head("X-Request-Timeout-Ms: 5000\r\n", Body.Length)));
        await Task.Delay(3000);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Body));

        var answer = await ReadOnceAsync(stream);

        Assert.StartsWith("HTTP/1.1 504 ", answer, StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 4900, 7900);
    }

    [Theory]
    [InlineData("u=0", Priority.High)]
    [InlineData("u=2, i", Priority.High)]
    [InlineData("i, u=1", Priority.High)]
    [InlineData("u=3", Priority.Normal)]
    [InlineData("u=4;x=1", Priority.Normal)]
    [InlineData("u=5", Priority.Low)]
    [InlineData("u=7,i=?0", Priority.Low)]
    [InlineData("u=1, u=6", Priority.Low)]
    [InlineData("", Priority.Normal)]
    [InlineData("u=8", Priority.Normal)]
    [InlineData("u=12", Priority.Normal)]
    [InlineData("u=-1", Priority.Normal)]
    [InlineData("u=", Priority.Normal)]
    [InlineData("U=0", Priority.Normal)]
    [InlineData("high", Priority.Normal)]
    public void The_priority_header_is_that_of_RFC_9218(string header, Priority expected)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers["Priority"] = header;

        Assert.Equal(expected, CallHeaders.Read(context.Request).Priority);
    }

    [Fact]
    public async Task Urgent_requests_stand_before_others()
    {
        using var gate = new ManualGate();
        var script = new FlowScript().On("a", call => gate.PassAsync(call.Token));
        await using var gateway = await TestGateway.StartAsync(FlowText.Chain("a").WithGateway("port: 0"), new TestFlowOptions { Script = script, TimeProvider = new FakeTimeProvider() });
        var held = new List<Task<HttpResponseMessage>> { PostAsync(gateway, "first", "u=3") };
        await gate.ArrivedAsync();
        foreach (var (id, priority) in new[] { ("low", "u=6"), ("normal", "u=3"), ("high", "u=1") })
        {
            held.Add(PostAsync(gateway, id, priority));
            await TestTimeout.UntilAsync(() => gateway.Flow.Runtime.QueueDepths["a"] == held.Count - 1, "the request to wait");
        }

        gate.Open();
        Assert.All(await Task.WhenAll(held).WithTimeout(), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));

        Assert.Equal(["first", "high", "normal", "low"], script.Calls.Select(call => call.Documents[0].Id));
    }

    private static Task<HttpResponseMessage> PostAsync(TestGateway gateway, string id, string priority)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/post") { Content = new StringContent(Body.Replace("\"1\"", $"\"{id}\"", StringComparison.Ordinal), Encoding.UTF8, "application/json") };
        request.Headers.Add("Priority", priority);
        return gateway.Http.SendAsync(request);
    }

    /// <summary>The gateway is free to cut the connection.</summary>
    private static async Task SendForEverAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var bytes = new byte[16 * 1024];
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                await stream.WriteAsync(bytes, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Both are what this test is about.
        }
    }
}
