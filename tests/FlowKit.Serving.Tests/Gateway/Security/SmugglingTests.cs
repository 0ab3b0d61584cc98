namespace FlowKit.Serving.Gateway;

/// <summary>Requests whose end two readers could see in two places: each gets an error, and what follows on the connection is never taken for a request.</summary>
public sealed class SmugglingTests
{
    private const string Hidden = "GET /status HTTP/1.1\r\nHost: localhost\r\n\r\n";

    [Theory]
    [InlineData("Content-Length: 2\r\nTransfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 2")]
    [InlineData("Content-Length: 2\r\nContent-Length: 2")]
    [InlineData("Content-Length: 2, 2")]
    [InlineData("Content-Length: 0\r\nContent-Length: 40")]
    [InlineData("Content-Length: -2")]
    [InlineData("Content-Length: 0x2")]
    [InlineData("Content-Length: 99999999999999999999")]
    [InlineData("Content-Length : 2")]
    [InlineData(" Content-Length: 2")]
    [InlineData("Transfer-Encoding: xchunked")]
    [InlineData("Transfer-Encoding: chunked, identity")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity")]
    [InlineData("Transfer-Encoding : chunked")]
    [InlineData("X: y\r\n Content-Length: 2")]
    [InlineData("X: a\0b")]
    [InlineData("X: a\rContent-Length: 2")]
    [InlineData("Host: localhost")]
    public async Task An_ambiguous_head_is_refused_and_the_connection_closed(string header)
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await gateway.RawAsync($"POST /post HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{header}\r\n\r\n{{}}{Hidden}");

        Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("\"jina\"", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
        Assert.Equal(200, (int)(await gateway.PostAsync("""{"data":[]}""")).StatusCode);
    }

    [Theory]
    [InlineData("Content-Length: 17\r\nTransfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 2")]
    public async Task A_length_beside_chunks_that_are_well_formed_is_400_and_the_connection_closed(string header)
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await gateway.RawAsync(
            $"POST /post HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{header}\r\n\r\nb\r\n{{\"data\":[]}}\r\n0\r\n\r\n{Hidden}");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
        Assert.Contains("both Content-Length and Transfer-Encoding", answer, StringComparison.Ordinal);
        Assert.Single(answer.Split("HTTP/1.1 ").Skip(1));
    }

    [Theory]
    [InlineData("POST /post HTTP/1.1\nHost: localhost\nContent-Length: 2\n\n{}")]
    [InlineData("POST /post\r\n\r\n")]
    [InlineData("POST  /post HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("POST /post HTTP/1.1 \r\nHost: localhost\r\n\r\n")]
    [InlineData("POST /post HTTP/9.9\r\nHost: localhost\r\n\r\n")]
    [InlineData("PO\tST /post HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("POST /post HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("\0\0\0\0\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\r\n\r\n")]
    public async Task A_malformed_head_is_refused_and_the_connection_closed(string request)
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await gateway.RawAsync(request + Hidden);

        Assert.DoesNotContain("\"jina\"", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("200 OK", answer, StringComparison.Ordinal);
        Assert.Equal(200, (int)(await gateway.PostAsync("""{"data":[]}""")).StatusCode);
    }

    [Fact]
    public async Task A_length_with_a_sign_is_read_as_that_length_and_what_follows_is_the_next_request()
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await gateway.RawAsync("POST /post HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: +2\r\n\r\n{}GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.Equal(2, answer.Split("HTTP/1.1 200 ").Length - 1);
    }

    [Theory]
    [InlineData("2;x\r\n{}\r\n0\r\n\r\n", true)]
    [InlineData("-2\r\n{}\r\n0\r\n\r\n", false)]
    [InlineData("2 \r\n{}\r\n0\r\n\r\n", false)]
    [InlineData("2\n{}\n0\n\n", false)]
    [InlineData("2\r\n{}0\r\n\r\n", false)]
    [InlineData("ffffffffffffffff\r\n{}\r\n0\r\n\r\n", false)]
    [InlineData("zz\r\n{}\r\n0\r\n\r\n", false)]
    public async Task Malformed_chunks_are_refused_and_the_connection_closed(string body, bool isValid)
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await gateway.RawAsync($"POST /post HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n{body}");

        Assert.StartsWith(isValid ? "HTTP/1.1 200 " : "HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Single(answer.Split("HTTP/1.1 ").Skip(1));
    }

    [Theory]
    [InlineData(200, 10, 431)]
    [InlineData(1, 40_000, 431)]
    public async Task Too_many_or_too_long_headers_are_431(int count, int length, int expected)
    {
        await using var gateway = await TestGateway.StartAsync();
        var headers = string.Concat(Enumerable.Range(0, count).Select(index => $"X-{index}: {new string('x', length)}\r\n"));

        Assert.StartsWith($"HTTP/1.1 {expected} ", await gateway.RawAsync($"GET / HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_is_too_long_is_414()
    {
        await using var gateway = await TestGateway.StartAsync();

        Assert.StartsWith("HTTP/1.1 414 ", await gateway.RawAsync($"GET /{new string('x', 10_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n"), StringComparison.Ordinal);
    }
}
