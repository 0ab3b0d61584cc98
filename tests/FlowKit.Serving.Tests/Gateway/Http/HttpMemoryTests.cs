using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using FlowKit.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace FlowKit.Serving.Gateway;

/// <summary>
/// What requests hold is counted: what does not fit is refused before it is read, what grows is cut off, and all is given back.
/// </summary>
public sealed class HttpMemoryTests
{
    private const string Small = """{"data":[{"id":"1"}],"execEndpoint":"/x"}""";

    private static string Text(int length) => $$"""{"data":[{"text":"{{new string('x', length)}}"}],"execEndpoint":"/x"}""";

    private static async Task<string> ReadOnceAsync(NetworkStream stream)
    {
        var buffer = new byte[64 * 1024];
        using var limit = new CancellationTokenSource(TestTimeout.Limit);
        return Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer, limit.Token));
    }

    private static Task ReturnedAsync(TestGateway gateway) =>
        TestTimeout.UntilAsync(() => gateway.Flow.Runtime.Memory.Used == 0, $"all memory to be given back; {gateway.Flow.Runtime.Memory.Used} is held");

    private static ByteArrayContent Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return new ByteArrayContent(packed.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/json"), ContentEncoding = { "gzip" } } };
    }

    [Fact]
    public async Task What_can_never_fit_is_413_before_it_is_read()
    {
        await using var gateway = await TestGateway.StartAsync("memory: 4MiB");
        using var client = await gateway.ConnectAsync();
        var stream = client.GetStream();

        await stream.WriteAsync(Encoding.ASCII.GetBytes("POST /post HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 5000000\r\n\r\n{"));
        var answer = await ReadOnceAsync(stream);

        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains("gateway.memory", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Retry-After", answer, StringComparison.Ordinal);
        await ReturnedAsync(gateway);
        Assert.Equal(1, gateway.Flow.Runtime.Memory.Refused);
    }

    [Fact]
    public async Task What_does_not_fit_beside_others_is_429_with_the_time_to_wait_and_small_ones_pass()
    {
        using var gate = new ManualGate();
        await using var gateway = await TestGateway.StartAsync("memory: 5MiB", new FlowScript().On("a", call => gate.PassAsync(call.Token)));
        var held = gateway.PostAsync(Text(1_000_000));
        await gate.ArrivedAsync();
        Assert.InRange(gateway.Flow.Runtime.Memory.Used, 2_000_000, 3_000_000);

        using var refused = await gateway.PostAsync(Text(1_500_000));
        using var small = await gateway.PostAsync("""{"data":[{"id":"1"}],"execEndpoint":"/x","targetExecutor":"other"}""");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        Assert.Contains("gateway.memory", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, small.StatusCode);
        gate.Open();
        Assert.Equal(HttpStatusCode.OK, (await held).StatusCode);
        await ReturnedAsync(gateway);
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync(Text(1_500_000))).StatusCode);
    }

    [Fact]
    public async Task A_body_of_unknown_length_is_cut_off_when_it_does_not_fit_any_more()
    {
        await using var gateway = await TestGateway.StartAsync("memory: 4MiB");
        using var client = await gateway.ConnectAsync();
        var stream = client.GetStream();
        await stream.WriteAsync("POST /post HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray());
        var sent = 0;
        try
        {
            var chunk = Encoding.ASCII.GetBytes($"10000\r\n{new string(' ', 0x10000)}\r\n");
            // The system keeps tens of megabytes between the two ends; a gigabyte is kept by nobody.
            for (; sent < 16_000 && client.Available == 0; sent++)
            {
                await stream.WriteAsync(chunk);
            }
        }
        catch (IOException)
        {
            // The gateway has answered and closed.
        }

        Assert.InRange(sent, 1, 15_999);
        await ReturnedAsync(gateway);
    }

    [Fact]
    public async Task A_body_that_grows_waits_for_the_memory_of_another()
    {
        var time = new FakeTimeProvider();
        await using var gateway = await TestGateway.StartAsync(
            FlowText.Chain("a").WithGateway("port: 0, memory: 6MiB"), new TestFlowOptions { TimeProvider = time });
        var memory = gateway.Flow.Runtime.Memory;
        using var leaving = await GrowAsync(gateway, 72, ends: false);
        await TestTimeout.UntilAsync(() => memory.Used > 72 << 16, "the first to grow");
        using var waiting = await GrowAsync(gateway, 28, ends: true);
        await TestTimeout.UntilAsync(() => memory.Used > 80 << 16, "the second to grow");

        leaving.Close();
        await TestTimeout.UntilAsync(() => memory.Used < 40 << 16, "the memory of the first");
        await TestTimeout.UntilAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(20));
                return waiting.DataAvailable;
            },
            "the answer");

        Assert.StartsWith("HTTP/1.1 200 ", await ReadOnceAsync(waiting), StringComparison.Ordinal);
    }

    /// <summary>Sends a body whose length is not told, as fast as the gateway takes it.</summary>
    private static async Task<NetworkStream> GrowAsync(TestGateway gateway, int chunks, bool ends)
    {
        var stream = (await gateway.ConnectAsync()).GetStream();
        await stream.WriteAsync("POST /post HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray());
        _ = SendAsync(stream, chunks, ends);
        return stream;
    }

    private static async Task SendAsync(NetworkStream stream, int chunks, bool ends)
    {
        try
        {
            var chunk = Encoding.ASCII.GetBytes($"10000\r\n{new string(' ', 0x10000)}\r\n");
            for (var sent = 0; sent < chunks; sent++)
            {
                await stream.WriteAsync(chunk);
            }

            if (ends)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"{Small.Length:x}\r\n{Small}\r\n0\r\n\r\n"));
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The gateway has answered and closed, or the test is over.
        }
    }

    [Fact]
    public async Task What_unpacks_to_more_than_200_times_its_size_is_413()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var bomb = await gateway.Http.PostAsync("/post", Packed(Encoding.ASCII.GetBytes(Text(20_000_000))));
        using var real = await gateway.Http.PostAsync("/post", Packed(Encoding.ASCII.GetBytes(Text(1_000_000))));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, bomb.StatusCode);
        Assert.Contains("200 times its size", await bomb.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, real.StatusCode);
        await ReturnedAsync(gateway);
    }

    [Fact]
    public async Task What_does_not_fit_when_it_is_unpacked_is_refused()
    {
        await using var gateway = await TestGateway.StartAsync("memory: 2MiB");
        var noise = new byte[1_500_000];
        new Random(1).NextBytes(noise);

        using var response = await gateway.Http.PostAsync("/post", Packed(Encoding.ASCII.GetBytes($$"""{"data":[{"blob":"{{Convert.ToBase64String(noise)}}"}]}""")));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("gateway.memory", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await ReturnedAsync(gateway);
    }

    [Fact]
    public async Task Documents_weigh_more_than_their_bytes()
    {
        await using var gateway = await TestGateway.StartAsync("memory: 8MiB");
        var documents = string.Join(',', Enumerable.Repeat("{}", 80_000));

        using var response = await gateway.PostAsync($$"""{"data":[{{documents}}],"execEndpoint":"/x"}""");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("The content of the body needs", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await ReturnedAsync(gateway);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_form_is_counted_whether_or_not_its_length_is_told(bool isTold)
    {
        await using var gateway = await TestGateway.StartAsync("memory: 4MiB");
        using var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[3_000_000]), "file", "a.bin" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/post") { Content = form };
        request.Headers.TransferEncodingChunked = !isTold;

        using var response = await gateway.Http.SendAsync(request);
        using var smaller = new MultipartFormDataContent { { new ByteArrayContent(new byte[500_000]), "file", "a.bin" } };
        using var served = await gateway.Http.PostAsync("/post", smaller);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("gateway.memory", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        await ReturnedAsync(gateway);
    }

    [Fact]
    public async Task Routes_of_other_systems_are_counted_before_they_are_read()
    {
        await using var gateway = await TestGateway.StartAsync("memory: 4MiB, compat: [openai]");

        using var response = await gateway.PostAsync($$"""{"input":["{{new string('x', 2_000_000)}}"]}""", "/v1/embeddings");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("gateway.memory", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await ReturnedAsync(gateway);
    }

    [Fact]
    public async Task A_reply_that_does_not_fit_is_an_error_with_what_it_holds()
    {
        await using var gateway = await TestGateway.StartAsync("memory: 4MiB", new FlowScript().Edit("a", documents => documents[0].Blob = new byte[6_000_000]));

        using var response = await gateway.PostAsync(Small);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.InsufficientStorage, response.StatusCode);
        Assert.Contains("The reply needs", text, StringComparison.Ordinal);
        Assert.Contains("hold 6000000 bytes", text, StringComparison.Ordinal);
        await ReturnedAsync(gateway);
    }

    [Theory]
    [InlineData("answered")]
    [InlineData("failed")]
    [InlineData("refused")]
    [InlineData("unknown")]
    [InlineData("malformed")]
    [InlineData("streamed")]
    [InlineData("late")]
    [InlineData("gone")]
    public async Task Every_end_of_a_request_gives_its_memory_back_once(string end)
    {
        using var gate = new ManualGate();
        await using var gateway = await TestGateway.StartAsync(
            "capacity: 2, strict: true",
            new FlowScript().On("a", call => end switch
            {
                "failed" => throw new InvalidOperationException("no"),
                "late" or "gone" => gate.PassAsync(call.Token),
                _ => default,
            }));
        var body = end switch
        {
            "malformed" => Text(100_000)[..^5],
            "unknown" => Text(100_000).Replace("/x", "/dry_run_not", StringComparison.Ordinal),
            _ => Text(100_000),
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/post") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using var leaving = new CancellationTokenSource();
        switch (end)
        {
            case "streamed":
                request.Headers.Accept.ParseAdd("text/event-stream");
                break;
            case "late":
                request.Headers.Add("X-Request-Timeout-Ms", "200");
                break;
            default:
                break;
        }

        var sending = gateway.Http.SendAsync(request, leaving.Token);
        if (end == "gone")
        {
            await gate.ArrivedAsync();
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        }
        else
        {
            using var response = await sending;
            await response.Content.ReadAsByteArrayAsync();
        }

        await ReturnedAsync(gateway);
    }

    [Fact]
    public async Task A_small_request_holds_its_share_and_nothing_more()
    {
        using var gate = new ManualGate();
        await using var gateway = await TestGateway.StartAsync("", new FlowScript().On("a", call => gate.PassAsync(call.Token)));
        var held = gateway.PostAsync(Small);
        await gate.ArrivedAsync();

        Assert.Equal(64 << 10, gateway.Flow.Runtime.Memory.Used);
        gate.Open();
        await held;
        await ReturnedAsync(gateway);
    }

    [Fact]
    public async Task The_status_tells_the_budget()
    {
        await using var gateway = await TestGateway.StartAsync("memory: 4MiB");
        using var refused = await gateway.PostAsync(Text(5_000_000));

        using var response = await gateway.Http.GetAsync("/status");
        var memory = (await TestGateway.ReadAsync(response))!["flow"]!["memory"]!;

        Assert.Equal((4 << 20, 1), (memory["limit"]!.GetValue<int>(), memory["refused"]!.GetValue<int>()));
        Assert.NotNull(memory["used"]);
    }
}
