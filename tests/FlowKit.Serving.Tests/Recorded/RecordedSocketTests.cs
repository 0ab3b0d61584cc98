using System.Net.WebSockets;
using System.Text.Json.Nodes;
using FlowKit.TestKit;
using FlowKit.Tests;

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
