using System.Text.Json;
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
        ["string_docs"] = (400, "so is a document that is text"),
        ["wrong_type"] = (400, "so is data that is text"),
        ["bad_target_regex"] = (400, "an invalid pattern is the caller's mistake, not a crash"),
        ["unknown_endpoint"] = (200, "an endpoint that nobody answers is an error in the header, not a silent success"),
        ["post_minimal"] = (200, "so is the endpoint / when no executor has a default"),
        ["post_no_endpoint"] = (200, "so is the endpoint / when no executor has a default"),
        ["status"] = (200, "the versions are FlowKit's"),
        ["docs"] = (200, "the page is FlowKit's own and loads nothing from elsewhere"),
        ["openapi"] = (200, "the description is OpenAPI 3.1 made by ASP.NET Core"),
    };

    /// <summary>Recorded before a WebSocket gateway.</summary>
    private static readonly string[] s_elsewhere = ["ws_gateway_dry_run", "ws_gateway_root", "ws_gateway_status"];

    [SharedDataFact]
    public async Task Every_recorded_request_is_answered_as_Jina_did()
    {
        await using var gateway = await TestGateway.StartAsync(Yaml, new TestFlowOptions { Executors = [typeof(RecordedExecutor)] });
        var differences = new List<string>();
        var equal = 0;
        foreach (var recorded in RecordedExchange.All().Where(exchange => !s_elsewhere.Contains(exchange.Name)))
        {
            var ours = RecordedExchange.Parse(recorded.Name, recorded.Request, await gateway.RawAsync(recorded.Request));
            if (Difference(recorded, ours) is { } difference)
            {
                differences.Add($"{recorded.Name}: {difference}");
            }
            else
            {
                equal++;
            }
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.InRange(equal, 25, 100);
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
            : Compare("$", recorded.Json, ours.Json);
    }

    private static string? Compare(string path, JsonNode? recorded, JsonNode? ours) => (recorded, ours) switch
    {
        _ when IsFree(path, recorded, ours) => null,
        (JsonObject left, JsonObject right) => left.Select(pair => pair.Key).Union(right.Select(pair => pair.Key))
            .Select(key => !left.ContainsKey(key) ? $"{path}.{key} is too much" : !right.ContainsKey(key) ? $"{path}.{key} is missing" : Compare($"{path}.{key}", left[key], right[key]))
            .FirstOrDefault(difference => difference is not null),
        (JsonArray left, JsonArray right) => left.Count != right.Count
            ? $"{path} has {right.Count} elements instead of {left.Count}"
            : left.Select((item, index) => Compare($"{path}[{index}]", item, right[index])).FirstOrDefault(difference => difference is not null),
        _ when recorded?.GetValueKind() == JsonValueKind.Number && ours?.GetValueKind() == JsonValueKind.Number
            && Math.Abs(recorded.GetValue<double>() - ours.GetValue<double>()) < 1e-6 => null,
        _ => JsonNode.DeepEquals(recorded, ours) ? null : $"{path} is {ours?.ToJsonString() ?? "null"} instead of {recorded?.ToJsonString() ?? "null"}",
    };

    /// <summary>Ids of 32 hex digits and times are made anew each time; both must be there or not be there.</summary>
    private static bool IsFree(string path, JsonNode? recorded, JsonNode? ours)
    {
        var name = path[(path.LastIndexOf('.') + 1)..];
        return name is "id" or "requestId"
            ? recorded is JsonValue left && ours is JsonValue right && left.ToString().Length == 32 && right.ToString().Length == 32
            : name is "startTime" or "endTime" && recorded is not null && ours is not null && IsTime(ours.ToString());
    }

    private static bool IsTime(string text) => text.EndsWith("+00:00", StringComparison.Ordinal) && text.Length == "2026-11-21T01:28:10.166946+00:00".Length;

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
        Assert.Equal(("ValueErrorException", "exec0"), (status["exception"]!["name"]!.GetValue<string>(), status["exception"]!["executor"]!.GetValue<string>()));
        Assert.Empty(status["exception"]!["stacks"]!.AsArray());
        Assert.Equal(["gateway", "exec0"], ours.Json["routes"]!.AsArray().Select(route => route!["executor"]!.GetValue<string>()));
        Assert.True(JsonNode.DeepEquals(status, ours.Json["routes"]![1]!["status"]));
    }
}
