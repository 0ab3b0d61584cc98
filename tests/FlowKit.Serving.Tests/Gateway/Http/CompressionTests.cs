using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace FlowKit.Serving.Gateway;

public sealed class CompressionTests
{
    private static readonly string s_large = $$"""{"data":[{"text":"{{new string('x', 20_000)}}"}]}""";

    private static byte[] Pack(string encoding, string text) => Pack(encoding, Encoding.UTF8.GetBytes(text));

    private static byte[] Pack(string encoding, byte[] bytes)
    {
        var packed = new MemoryStream();
        using (Stream stream = encoding switch { "gzip" => new GZipStream(packed, CompressionLevel.Optimal, true), "br" => new BrotliStream(packed, CompressionLevel.Optimal, true), _ => new ZLibStream(packed, CompressionLevel.Optimal, true) })
        {
            stream.Write(bytes);
        }

        return packed.ToArray();
    }

    private static async Task<HttpResponseMessage> SendAsync(TestGateway gateway, byte[] body, string? encoding = null, string? accept = null, string? type = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/post") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json");
        if (encoding is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        }

        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept-Encoding", accept);
        }

        if (type is not null)
        {
            request.Headers.Accept.ParseAdd(type);
        }

        return await gateway.Http.SendAsync(request);
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("br", "br")]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip;q=1, br;q=0.1", "gzip")]
    [InlineData("deflate", null)]
    [InlineData("identity", null)]
    [InlineData("br;q=0", null)]
    [InlineData("@@@", null)]
    [InlineData(null, null)]
    public async Task A_large_reply_is_compressed_as_the_caller_accepts(string? accept, string? expected)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await SendAsync(gateway, Encoding.UTF8.GetBytes(s_large), accept: accept);

        Assert.Equal(expected, response.Content.Headers.ContentEncoding.SingleOrDefault());
        var bytes = await response.Content.ReadAsStreamAsync();
        await using Stream plain = expected switch { "gzip" => new GZipStream(bytes, CompressionMode.Decompress), "br" => new BrotliStream(bytes, CompressionMode.Decompress), _ => bytes };
        Assert.Contains(new string('x', 20_000), await new StreamReader(plain).ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Small_replies_and_events_are_not_compressed()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var small = await SendAsync(gateway, "{}"u8.ToArray(), accept: "gzip");
        using var events = await SendAsync(gateway, Encoding.UTF8.GetBytes(s_large), accept: "gzip", type: "text/event-stream");

        Assert.Empty(small.Content.Headers.ContentEncoding);
        Assert.Empty(events.Content.Headers.ContentEncoding);
        Assert.Equal("text/event-stream", events.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_compressed_request_is_unpacked(string encoding)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await SendAsync(gateway, Pack(encoding, s_large), encoding);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains(new string('x', 20_000), await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_bomb_is_413(string encoding)
    {
        await using var gateway = await TestGateway.StartAsync("max_request_size: 100kB");

        using var response = await SendAsync(gateway, Pack(encoding, new byte[50_000_000]), encoding);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal(0, gateway.Flow.Runtime.InFlight);
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("gzip, br")]
    [InlineData("x-unknown")]
    public async Task An_unknown_encoding_is_415_by_name(string encoding)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await SendAsync(gateway, "{}"u8.ToArray(), encoding);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Contains(encoding, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("br", true)]
    [InlineData("deflate", true)]
    [InlineData("gzip", false)]
    [InlineData("br", false)]
    [InlineData("deflate", false)]
    public async Task What_cannot_be_unpacked_is_400(string encoding, bool isCut)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await SendAsync(gateway, isCut ? Pack(encoding, s_large)[..20] : "{\"data\":[]}"u8.ToArray(), encoding);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }
}
