using System.Net;
using System.Net.Sockets;

namespace FlowKit.Client.Tests;

/// <summary>What the client makes of answers that are no reply of a flow, or not a whole one.</summary>
public sealed class AnswerTests
{
    [Theory]
    [InlineData("400 Bad Request", """{"detail": [{"msg": "data: expected an array"}, {"msg": "on: missing"}]}""", FlowErrorCode.InvalidArgument, "400: data: expected an array; on: missing")]
    [InlineData("415 Unsupported Media Type", """{"detail": "send JSON"}""", FlowErrorCode.InvalidArgument, "415: send JSON")]
    [InlineData("422 Unprocessable Entity", """{"header": {"status": {"description": "blob: empty"}}}""", FlowErrorCode.InvalidArgument, "422: blob: empty")]
    [InlineData("403 Forbidden", "", FlowErrorCode.PermissionDenied, "403: no reason given")]
    [InlineData("404 Not Found", "<html></html>", FlowErrorCode.NotFound, "404: no reason given")]
    [InlineData("413 Content Too Large", "[]", FlowErrorCode.PayloadTooLarge, "413: no reason given")]
    [InlineData("429 Too Many Requests", "null", FlowErrorCode.ResourceExhausted, "429: no reason given")]
    [InlineData("503 Service Unavailable", "{}", FlowErrorCode.Unavailable, "503: no reason given")]
    [InlineData("504 Gateway Timeout", """{"header": 5}""", FlowErrorCode.DeadlineExceeded, "504: no reason given")]
    [InlineData("502 Bad Gateway", "", FlowErrorCode.Internal, "502: no reason given")]
    public async Task A_refusal_keeps_its_kind_and_its_reason(string status, string body, FlowErrorCode code, string message)
    {
        var error = await FailAsync($"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\nRetry-After: 7\r\n\r\n{body}");

        Assert.Equal((code, message, TimeSpan.FromSeconds(7)), (error.Code, error.Message, error.RetryAfter));
    }

    [Theory]
    [InlineData("""{"data": 5}""")]
    [InlineData("""{"data": [{"id": [5]}]}""")]
    [InlineData("hello")]
    public async Task An_answer_that_is_no_reply_is_told_with_the_address(string body)
    {
        var error = await FailAsync($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}");

        Assert.Equal(FlowErrorCode.Internal, error.Code);
        Assert.StartsWith("What answers at http://127.0.0.1:", error.Message, StringComparison.Ordinal);
        Assert.Contains("is not a flow", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"data\": [", "was cut off")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"dat\r\n", "was cut off")]
    [InlineData("not HTTP at all\r\n\r\n", "No flow answers at")]
    public async Task An_answer_that_is_cut_off_may_be_asked_for_again(string answer, string message)
    {
        var error = await FailAsync(answer);

        Assert.Equal(FlowErrorCode.Unavailable, error.Code);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"code": 0}""", true)]
    [InlineData("""{"code": 1}""", false)]
    [InlineData("[]", false)]
    [InlineData("ready", false)]
    [InlineData("", false)]
    public async Task Only_a_flow_that_says_so_is_ready(string body, bool isReady)
    {
        using var listener = Listen();
        var answering = RawAnswer.SendAsync(listener, $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        using (var client = ClientOf(listener))
        {
            Assert.Equal(isReady, await client.IsFlowReadyAsync());
        }

        await answering;
    }

    [Theory]
    [InlineData("403 Forbidden", FlowErrorCode.PermissionDenied, "403")]
    [InlineData("404 Not Found", FlowErrorCode.NotFound, "404")]
    [InlineData("503 Service Unavailable", FlowErrorCode.Unavailable, "503")]
    public async Task A_socket_that_is_refused_says_with_which_status(string status, FlowErrorCode code, string message)
    {
        var error = await FailAsync($"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n", "ws");

        Assert.Equal(code, error.Code);
        Assert.Contains($"No flow opens a WebSocket at ws://127.0.0.1", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ws")]
    [InlineData("grpc")]
    [InlineData("http")]
    public async Task Where_nothing_listens_it_is_unavailable(string scheme)
    {
        using var listener = Listen();
        listener.Stop();
        using var client = ClientOf(listener, scheme);

        var error = await Assert.ThrowsAsync<FlowKitException>(() => client.PostAsync("/run", [new Document()]));

        Assert.Equal(FlowErrorCode.Unavailable, error.Error.Code);
        Assert.False(await client.IsFlowReadyAsync());
    }

    private static async Task<FlowError> FailAsync(string answer, string scheme = "http")
    {
        using var listener = Listen();
        var answering = RawAnswer.SendAsync(listener, answer);
        FlowError error;
        using (var client = ClientOf(listener, scheme))
        {
            error = (await Assert.ThrowsAsync<FlowKitException>(() => client.PostAsync("/run", [new Document()]))).Error;
        }

        await answering;
        return error;
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static FlowClient ClientOf(TcpListener listener, string scheme = "http") => new($"{scheme}://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
}
