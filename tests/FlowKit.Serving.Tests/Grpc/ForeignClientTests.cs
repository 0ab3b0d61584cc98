using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using FlowKit.TestKit;

namespace FlowKit.Serving.Grpc;

/// <summary>A real foreign client, Python's grpcio, calls our server.</summary>
public sealed class ForeignClientTests
{
    private static readonly string[] s_digits = [.. Enumerable.Range(0, 100).Select(index => $"{index}")];

    [PythonFact]
    public async Task One_message_is_answered_by_one_with_metadata_before_and_after()
    {
        var answer = await AskAsync("unary");

        Same("""{"body": "hello", "code": "OK", "head": [["h-x-a", "1"], ["h-x-a", "2"], ["h-x-b-bin", "00ff2c"]], "trail": [["t-x-a", "1"], ["t-x-a", "2"], ["t-x-b-bin", "00ff2c"]]}""", answer);
    }

    [PythonFact]
    public async Task One_message_is_answered_by_a_stream() => Same("""{"bodies": ["a", "b", "c"], "code": "OK"}""", await AskAsync("server_stream"));

    [PythonFact]
    public async Task A_stream_is_answered_by_one_message() => Same("""{"body": "abc"}""", await AskAsync("client_stream"));

    [PythonFact]
    public async Task Streams_both_ways_go_in_step()
    {
        var answer = await AskAsync("chat");

        Assert.Equal(s_digits, answer["bodies"]!.AsArray().Select(body => (string)body!));
    }

    [PythonFact]
    public async Task A_deadline_ends_the_call_on_both_sides()
    {
        await using var host = await PacketHost.StartAsync();

        Same("""{"code": "DEADLINE_EXCEEDED", "early": false}""", await Python.AskAsync("client.py", Name(host), "deadline"));

        await TestTimeout.UntilAsync(() => host.Ended.Contains("deadline"), "the server to see the deadline");
    }

    [PythonFact]
    public async Task A_cancelled_call_is_cancelled_at_the_server()
    {
        await using var host = await PacketHost.StartAsync();

        Same("""{"cancelled": true, "code": "CANCELLED"}""", await Python.AskAsync("client.py", Name(host), "cancel"));

        await TestTimeout.UntilAsync(() => host.Ended.Contains("cancel"), "the server to see the cancellation");
    }

    [PythonFact]
    public async Task A_failure_is_a_code_and_a_text_and_what_was_not_foreseen_stays_inside()
    {
        using var logs = new CollectedLogs();
        await using var host = await PacketHost.StartAsync(loggers: logs);

        var answer = await Python.AskAsync("client.py", Name(host), "failures");

        Same("""
            [
                {"code": "INVALID_ARGUMENT", "details": "naïve 100 %\n", "trail": []},
                {"code": "UNAUTHENTICATED", "details": "", "trail": []},
                {"code": "UNKNOWN", "details": "The server failed.", "trail": []},
                {"code": "INVALID_ARGUMENT", "details": "with details", "trail": [["grpc-status-details-bin", "0803"]]}
            ]
            """, answer);
    }

    [PythonFact]
    public async Task An_unknown_service_or_method_is_unimplemented()
    {
        var answer = await AskAsync("unknown");

        Assert.All(answer.AsArray(), outcome => Assert.Equal("UNIMPLEMENTED", (string)outcome!["code"]!));
    }

    [PythonFact]
    public async Task Gzip_and_deflate_are_taken_and_given()
    {
        await using var host = await PacketHost.StartAsync(new GrpcLimits { Compression = "gzip" });

        Same("""{"replies": [true, true, true], "streamed": 20}""", await Python.AskAsync("client.py", Name(host), "gzip"));
    }

    [PythonFact]
    public async Task A_message_of_64_MiB_comes_back_whole() => Same("""{"same": true, "size": 67108864}""", await AskAsync("large"));

    [PythonFact]
    public async Task A_thousand_streams_are_open_at_once() => Same("""{"first": 1000, "ended": 1000}""", await AskAsync("many"));

    [PythonFact]
    public async Task Calls_go_over_TLS()
    {
        using var folder = new TempFolder();
        TestCertificate.Write(folder.Path);
        using var certificate = X509Certificate2.CreateFromPemFile(Path.Combine(folder.Path, "cert.pem"), Path.Combine(folder.Path, "key.pem"));
        await using var host = await PacketHost.StartAsync(certificate: certificate);

        var answer = await Python.AskAsync("client.py", Name(host), "client_stream", Path.Combine(folder.Path, "cert.pem"));

        Same("""{"body": "abc"}""", answer);
    }

    private static async Task<JsonNode> AskAsync(string scenario)
    {
        await using var host = await PacketHost.StartAsync();
        return await Python.AskAsync("client.py", Name(host), scenario);
    }

    private static string Name(PacketHost host) => $"{host.Address.Host}:{host.Address.Port}";

    private static void Same(string expected, JsonNode actual) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual.ToJsonString());
}
