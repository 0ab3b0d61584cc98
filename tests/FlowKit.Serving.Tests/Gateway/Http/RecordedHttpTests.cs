using System.Text.Json.Nodes;
using FlowKit.TestKit;
using FlowKit.Tests;

namespace FlowKit.Serving.Gateway;

/// <summary>Every HTTP request recorded before Jina 3.23, sent again: the answer is Jina's, but for what is listed here.</summary>
public sealed class RecordedHttpTests
{
    private const string Yaml = """
        jtype: Flow
        executors: [{name: exec0, uses: Cap}, {name: exec1, uses: Cap}]
        gateway: {port: 0}
        """;

    /// <summary>Where FlowKit answers otherwise on purpose, with what it answers.</summary>
    private static readonly Dictionary<string, (int Status, string Why)> s_deviations = new(StringComparer.Ordinal)
    {
        ["malformed_json"] = (400, "a body that is not JSON is 400 with line and column, not 422"),
        ["no_body"] = (400, "so is a missing body"),
        ["string_docs"] = (422, "the words of the refusal are the gateway's own"),
        ["wrong_type"] = (422, "so are these"),
        ["bad_target_regex"] = (400, "an invalid pattern is the caller's mistake, not a crash"),
        ["unknown_endpoint"] = (200, "an endpoint that nobody answers is an error in the header, not a silent success"),
        ["post_minimal"] = (200, "so is the endpoint / when no executor has a default"),
        ["post_no_endpoint"] = (200, "so is the endpoint / when no executor has a default"),
        ["status"] = (200, "the versions are FlowKit's"),
        ["docs"] = (200, "the page is FlowKit's own and loads nothing from elsewhere"),
        ["ws_gateway_status"] = (200, "so are the versions before WebSockets"),
        ["network_error_dry_run"] = (200, "executors of the gateway's own process cannot be out of reach"),
        ["openapi"] = (200, "the description is OpenAPI 3.1 made by ASP.NET Core"),
    };

    /// <summary>Fields that differ on purpose where all others are Jina's.</summary>
    private static readonly Dictionary<string, string[]> s_free = new(StringComparer.Ordinal)
    {
        // The exception is a .NET one, named so; of its stack one line is told.
        ["executor_error"] = ["$.header.status.description", "$.header.status.exception", "$.routes[1].status"],

        // Reasons are the gateway's own words; the endpoint, parameters and routes are told where Jina forgets them; a late executor may still change the documents.
        ["network_error"] = ["$.header.status.description", "$.header.status.exception", "$.header.execEndpoint", "$.parameters", "$.routes", "$.data"],
        ["timeout"] = ["$.header.status.description", "$.header.status.exception", "$.header.execEndpoint", "$.parameters", "$.routes", "$.data"],
    };

    private static TestFlowOptions Options => new() { Executors = [typeof(RecordedExecutor), typeof(DeadExecutor), typeof(SlowExecutor)] };

    [SharedDataFact]
    public async Task Every_recorded_request_is_answered_as_Jina_did()
    {
        await using var usual = await TestGateway.StartAsync(Yaml, Options);
        await using var dead = await TestGateway.StartAsync(Yaml.Replace("Cap", "Dead", StringComparison.Ordinal), Options);
        await using var slow = await TestGateway.StartAsync(Yaml.Replace("Cap", "Slow", StringComparison.Ordinal).Replace("port: 0", "port: 0, timeout_send: 50", StringComparison.Ordinal), Options);
        await using var socket = await TestGateway.StartAsync(Yaml.Replace("port: 0", "port: 0, protocol: websocket", StringComparison.Ordinal), Options);
        var differences = new List<string>();
        var recordings = RecordedExchange.All();
        foreach (var recorded in recordings)
        {
            var gateway = recorded.Name.StartsWith("network_error", StringComparison.Ordinal) ? dead : recorded.Name == "timeout" ? slow : recorded.Name.StartsWith("ws_", StringComparison.Ordinal) ? socket : usual;
            var ours = RecordedExchange.Parse(recorded.Name, recorded.Request, await gateway.RawAsync(recorded.Request));
            if (Difference(recorded, ours) is { } difference)
            {
                differences.Add($"{recorded.Name}: {difference}");
            }
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.Equal(Directory.GetFiles(SharedData.At("data", "jina-wire"), "http.*.request.http").Length, recordings.Count);
        Assert.InRange(recordings.Count(recorded => !s_deviations.ContainsKey(recorded.Name)), 25, 100);
    }

    private static string? Difference(RecordedExchange recorded, RecordedExchange ours)
    {
        if (s_deviations.TryGetValue(recorded.Name, out var deviation))
        {
            return ours.Status == deviation.Status ? null : $"{deviation.Why}, so {deviation.Status} was expected, not {ours.Status}";
        }

        return recorded.Status != ours.Status ? $"status {ours.Status} instead of {recorded.Status}: {ours.Body}"
            : recorded.Json is null ? (recorded.Body == ours.Body ? null : ours.Body)
            : ours.Json is null ? $"no JSON: {ours.Body}"
            : AnswerComparison.Find(recorded.Json, ours.Json, s_free.GetValueOrDefault(recorded.Name, []));
    }

    [SharedDataFact]
    public async Task A_failing_executor_is_200_with_the_error_in_the_header_and_the_routes_up_to_it()
    {
        await using var gateway = await TestGateway.StartAsync(Yaml, new TestFlowOptions { Executors = [typeof(RecordedExecutor)] });
        var request = File.ReadAllBytes(SharedData.At("data", "jina-wire", "http.executor_error.request.http"));

        var ours = RecordedExchange.Parse("executor_error", request, await gateway.RawAsync(request));

        Assert.Equal(200, ours.Status);
        var status = ours.Json!["header"]!["status"]!;
        Assert.Equal(1, status["code"]!.GetValue<int>());
        Assert.Equal("deliberate failure: 42", status["description"]!.GetValue<string>());
        Assert.Equal(("ValueErrorException", "Cap"), (status["exception"]!["name"]!.GetValue<string>(), status["exception"]!["executor"]!.GetValue<string>()));
        Assert.Equal("""["deliberate failure: 42"]""", status["exception"]!["args"]!.ToJsonString());
        Assert.Equal("""["ValueErrorException: deliberate failure: 42"]""", status["exception"]!["stacks"]!.ToJsonString());
        Assert.Equal(["gateway", "exec0"], ours.Json["routes"]!.AsArray().Select(route => route!["executor"]!.GetValue<string>()));
        Assert.True(JsonNode.DeepEquals(status, ours.Json["routes"]![1]!["status"]));
    }
}
