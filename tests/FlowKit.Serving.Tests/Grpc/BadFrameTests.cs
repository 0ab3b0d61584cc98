using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using FlowKit.TestKit;
using FlowKit.Wire.Grpc.Client;
using Grpc.Core;

namespace FlowKit.Serving.Grpc;

/// <summary>Bytes that no right client sends: an answer each, and nothing else is affected.</summary>
public sealed class BadFrameTests
{
    private const int Limit = 4 << 20;

    private static async Task<HttpResponseMessage> PostAsync(PacketHost host, byte[] body, string path, params (string Name, string Value)[] headers)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse("application/grpc") } },
        };
        foreach (var (name, value) in headers)
        {
            if (name == "content-type")
            {
                request.Content.Headers.ContentType = value.Length == 0 ? null : MediaTypeHeaderValue.Parse(value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        var response = await http.SendAsync(request, CancellationToken.None).WithTimeout();
        await response.Content.LoadIntoBufferAsync();
        return response;
    }

    private static async Task<(StatusCode Code, string Message)> StatusAsync(byte[] body, string path = "/flowkit.test.Packets/Echo", params (string Name, string Value)[] headers)
    {
        await using var host = await PacketHost.StartAsync(new GrpcLimits { MaxReceiveBytes = Limit });
        using var response = await PostAsync(host, body, path, headers);
        var status = StatusOf(response.TrailingHeaders) ?? StatusOf(response.Headers)!.Value;
        using var other = new GrpcConnection(host.Address);
        Assert.Equal([7], await other.UnaryAsync(Packets.Echo, [7]));
        return status;
    }

    private static (StatusCode Code, string Message)? StatusOf(HttpResponseHeaders headers) => headers.NonValidated.TryGetValues("grpc-status", out var code)
        ? ((StatusCode)int.Parse(code.ToString(), CultureInfo.InvariantCulture), headers.NonValidated.TryGetValues("grpc-message", out var text) ? Uri.UnescapeDataString(text.ToString()) : "")
        : null;

    private static byte[] Message(byte flag, uint length, params byte[] body)
    {
        var bytes = new byte[5 + body.Length];
        bytes[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(1), length);
        body.CopyTo(bytes, 5);
        return bytes;
    }

    [Theory]
    [InlineData(new byte[0], StatusCode.Internal, "Incomplete message.")]
    [InlineData(new byte[] { 0, 0, 0 }, StatusCode.Internal, "Incomplete message.")]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1 }, StatusCode.Internal, "Incomplete message.")]
    [InlineData(new byte[] { 2, 0, 0, 0, 0 }, StatusCode.Internal, "A message begins with 2; 0 and 1 (compressed) are the only flags.")]
    [InlineData(new byte[] { 1, 0, 0, 0, 1, 1 }, StatusCode.Internal, "Request did not include grpc-encoding value with compressed message.")]
    [InlineData(new byte[] { 0, 0x7F, 0xFF, 0xFF, 0xFF }, StatusCode.ResourceExhausted, "A message of 2147483647 bytes is larger than the limit of 4194304 bytes.")]
    [InlineData(new byte[] { 0, 0xFF, 0xFF, 0xFF, 0xFF }, StatusCode.ResourceExhausted, "A message of 4294967295 bytes is larger than the limit of 4194304 bytes.")]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, StatusCode.Internal, "Additional data after the message received.")]
    [InlineData(new byte[] { 0, 0, 0, 0, 2, 0xFF, 0xFF }, StatusCode.InvalidArgument, "body: field 1 was expected, not tag 255")]
    public async Task A_wrong_frame_is_named(byte[] body, StatusCode code, string message) => Assert.Equal((code, message), await StatusAsync(body));

    [Fact]
    public async Task An_unknown_compression_is_unimplemented_and_the_known_ones_are_listed()
    {
        await using var host = await PacketHost.StartAsync();
        using var response = await PostAsync(host, Message(1, 0), "/flowkit.test.Packets/Echo", ("grpc-encoding", "snappy"));

        Assert.Equal(StatusCode.Unimplemented, StatusOf(response.Headers)!.Value.Code);
        Assert.Equal("identity,deflate,gzip", response.Headers.GetValues("grpc-accept-encoding").Single());
    }

    [Fact]
    public async Task A_bomb_ends_at_the_limit()
    {
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(new byte[64 << 20]);
        }

        var bomb = packed.ToArray();

        Assert.Equal(StatusCode.ResourceExhausted, (await StatusAsync(Message(1, (uint)bomb.Length, bomb), headers: ("grpc-encoding", "gzip"))).Code);
    }

    [Fact]
    public async Task Damaged_gzip_is_named() =>
        Assert.Equal(StatusCode.Internal, (await StatusAsync(Message(1, 4, 1, 2, 3, 4), headers: ("grpc-encoding", "gzip"))).Code);

    [Theory]
    [InlineData("1")]
    [InlineData("123456789S")]
    [InlineData("5x")]
    [InlineData("-1S")]
    public async Task A_wrong_deadline_is_named(string timeout) =>
        Assert.Contains($"'{timeout}'", (await StatusAsync(Message(0, 0), headers: ("grpc-timeout", timeout))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Two_deadlines_are_refused() =>
        Assert.Equal(StatusCode.InvalidArgument, (await StatusAsync(Message(0, 0), "/flowkit.test.Packets/Echo", ("grpc-timeout", "1S"), ("grpc-timeout", "2S"))).Code);

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/grpc+json")]
    [InlineData("application/grpc-web")]
    [InlineData("")]
    public async Task Another_content_type_is_415(string type)
    {
        await using var host = await PacketHost.StartAsync();
        using var response = await PostAsync(host, [], "/flowkit.test.Packets/Echo", ("content-type", type));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Fact]
    public async Task Another_method_is_405()
    {
        await using var host = await PacketHost.StartAsync();
        using var http = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await http.GetAsync(new Uri(host.Address, "/flowkit.test.Packets/Echo"));

        Assert.Equal((HttpStatusCode.MethodNotAllowed, "POST"), (response.StatusCode, response.Content.Headers.Allow.Single()));
    }

    [Fact]
    public async Task HTTP_1_is_told_that_the_port_speaks_HTTP_2()
    {
        await using var host = await PacketHost.StartAsync();
        using var client = new System.Net.Sockets.TcpClient("127.0.0.1", host.Address.Port);
        await client.GetStream().WriteAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        var answer = new byte[200];
        var length = await client.GetStream().ReadAtLeastAsync(answer, 12, throwOnEndOfStream: false).AsTask().WithTimeout();

        Assert.StartsWith("HTTP/1.1 400", Encoding.ASCII.GetString(answer, 0, length), StringComparison.Ordinal);
    }
}
