using System.Net.WebSockets;
using System.Text.Json.Nodes;
using FlowKit.TestKit;
using FlowKit.Tests;
using FlowKit.Wire;
using FlowKit.Wire.Json;
using FlowKit.Wire.Proto;

namespace FlowKit.Serving.Gateway;

/// <summary>
/// The WebSocket conversations recorded before Jina 3.23, held again. On purpose otherwise: the subprotocol is echoed, as the RFC asks and
/// browsers insist; a message that is no JSON closes with 1007 and a reason, where Jina drops the connection.
/// </summary>
public sealed class RecordedSocketTests
{
    private const string Yaml = """
        jtype: Flow
        executors: [{name: exec0, uses: Cap}, {name: exec1, uses: Cap}]
        gateway: {port: 0, protocol: websocket}
        """;

    private static readonly string[] s_ofErrors = ["$.header.status.description", "$.header.status.exception", "$.routes[1].status", "$.data"];

    private static Task<TestGateway> StartAsync(string yaml = Yaml) => TestGateway.StartAsync(yaml, new TestFlowOptions { Executors = [typeof(RecordedExecutor), typeof(DeadExecutor)] });

    private static string Frame(string name) => File.ReadAllText(SharedData.At("data", "jina-wire", $"ws.{name}.json"));

    private static byte[] Bytes(string name) => File.ReadAllBytes(SharedData.At("data", "jina-wire", $"ws.{name}.bin"));

    private static DataRequest Decode(byte[] message) => DataRequestCodec.Read(message);

    private static JsonNode? Json(DataRequest message)
    {
        var json = new System.Buffers.ArrayBufferWriter<byte>();
        DataFrameJsonWriter.Write(json, message, JsonWireOptions.Jina);
        return JsonNode.Parse(json.WrittenSpan);
    }

    private static async Task<WebSocketCloseStatus?> EndAsync(TestSocket socket)
    {
        Assert.Null(await socket.ReceiveAsync());
        return socket.Closed.Status;
    }

    [SharedDataFact]
    public async Task Without_a_subprotocol_JSON_is_spoken()
    {
        await using var gateway = await StartAsync();
        using var socket = await TestSocket.OpenAsync(gateway);

        await socket.SendAsync(Frame("json.send1"));
        await socket.SendAsync(Frame("json.send2"));

        Assert.Null(AnswerComparison.Find(JsonNode.Parse(Frame("json.recv1")), await socket.ReceiveJsonAsync()));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, await EndAsync(socket));
    }

    [SharedDataFact]
    public async Task With_the_subprotocol_json_a_reply_and_an_error_come_as_Jina_sends_them()
    {
        await using var gateway = await StartAsync();
        using var socket = await TestSocket.OpenAsync(gateway, subprotocol: "json");

        await socket.SendAsync(Frame("json_subprotocol.send1"));
        var reply = await socket.ReceiveJsonAsync();
        await socket.SendAsync(Frame("json_subprotocol.send2"));
        var error = await socket.ReceiveJsonAsync();
        await socket.SendAsync(Frame("json_subprotocol.send3"));

        Assert.Null(AnswerComparison.Find(JsonNode.Parse(Frame("json_subprotocol.recv1")), reply));
        var recorded = JsonNode.Parse(File.ReadLines(SharedData.At("data", "jina-wire", "decoded", "ws.json_subprotocol.recv2.json.txt")).Single(line => line.StartsWith('{')));
        Assert.Null(AnswerComparison.Find(recorded, error, s_ofErrors));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, await EndAsync(socket));
    }

    [SharedDataFact]
    public async Task With_the_subprotocol_bytes_a_reply_and_an_error_come_as_Jina_sends_them()
    {
        await using var gateway = await StartAsync();
        using var socket = await TestSocket.OpenAsync(gateway, subprotocol: "bytes");
        foreach (var name in new[] { "send1", "send2", "send3" })
        {
            await socket.SendAsync(Bytes($"bytes.{name}"));
        }

        var replies = new[] { Decode((await socket.ReceiveAsync())!), Decode((await socket.ReceiveAsync())!) }.OrderBy(reply => reply.ExecEndpoint, StringComparer.Ordinal).ToList();
        var recorded = Decode(Bytes("bytes.recv1"));

        Assert.Null(AnswerComparison.Find(Json(recorded), Json(replies[0])));
        Assert.Equal((recorded.RequestId, recorded.AlwaysWritten), (replies[0].RequestId, replies[0].AlwaysWritten));
        Assert.Equal(("/fail", new string('f', 32), 1), (replies[1].ExecEndpoint, replies[1].RequestId, replies[1].Status!.Code));
        Assert.Equal(["gateway", "exec0"], replies[1].Routes.Select(route => route.Executor));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, await EndAsync(socket));
    }

    [SharedDataTheory]
    [InlineData("dry_run_bytes.recv1", "/dry_run")]
    public async Task The_dry_run_in_bytes_is_an_empty_status(string name, string path)
    {
        await using var gateway = await StartAsync();
        using var socket = await TestSocket.OpenAsync(gateway, path, "bytes");

        Assert.Equal(Bytes(name), await socket.ReceiveAsync());
        Assert.Equal(WebSocketCloseStatus.NormalClosure, await EndAsync(socket));
    }

    [SharedDataFact]
    public async Task A_deployment_that_cannot_be_reached_closes_bytes_with_1011_too()
    {
        await using var gateway = await StartAsync(Yaml.Replace("Cap", "Dead", StringComparison.Ordinal));
        using var socket = await TestSocket.OpenAsync(gateway, subprotocol: "bytes");

        await socket.SendAsync(Bytes("network_error_bytes.send1"));

        Assert.Equal(WebSocketCloseStatus.InternalServerError, await EndAsync(socket));
    }

    [Fact]
    public async Task Bytes_that_are_no_request_close_with_1007()
    {
        await using var gateway = await StartAsync();
        using var socket = await TestSocket.OpenAsync(gateway, subprotocol: "bytes");

        await socket.SendAsync([0xff, 0xff, 0xff]);

        Assert.Equal(WebSocketCloseStatus.InvalidPayloadData, await EndAsync(socket));
    }

    [SharedDataFact]
    public async Task The_dry_run_sends_a_status_and_closes()
    {
        await using var gateway = await StartAsync();
        using var socket = await TestSocket.OpenAsync(gateway, "/dry_run", "json");

        Assert.Equal(Frame("dry_run_json.recv1"), (await socket.ReceiveJsonAsync())!.ToJsonString());
        Assert.Equal(WebSocketCloseStatus.NormalClosure, await EndAsync(socket));
    }

    [SharedDataFact]
    public async Task A_malformed_message_is_not_answered()
    {
        await using var gateway = await StartAsync();
        using var socket = await TestSocket.OpenAsync(gateway, subprotocol: "json");

        await socket.SendAsync(Frame("malformed.send1"));

        Assert.Equal(WebSocketCloseStatus.InvalidPayloadData, await EndAsync(socket));
    }

    [SharedDataFact]
    public async Task A_deployment_that_cannot_be_reached_closes_with_1011()
    {
        await using var gateway = await StartAsync(Yaml.Replace("Cap", "Dead", StringComparison.Ordinal));
        using var socket = await TestSocket.OpenAsync(gateway, subprotocol: "json");

        await socket.SendAsync(Frame("network_error.send1"));

        Assert.Equal(WebSocketCloseStatus.InternalServerError, await EndAsync(socket));
        Assert.NotEmpty(socket.Closed.Reason!);
    }
}
