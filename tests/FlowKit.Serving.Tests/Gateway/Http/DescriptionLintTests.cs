using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlowKit.TestKit;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FlowKit.Serving.Gateway;

/// <summary>
/// The description passes the rules of a linter for OpenAPI (Redocly's recommended ones), and lists every route that answers.
/// </summary>
public sealed partial class DescriptionLintTests
{
    /// <summary>The page and the description itself are no part of what the description describes.</summary>
    private static readonly string[] s_page = ["/", "/openapi.json", "/docs", "/assets/{name}"];

    public static TheoryData<string> Gateways =>
    [
        "",
        "compat: [openai, roboflow, subnet19]",
        "compat: [subnet19, openai], api_keys: a-key-of-the-tests-0123",
        "no_debug_endpoints: true, no_crud_endpoints: true",
        "no_crud_endpoints: true, expose_endpoints: {/echo: {methods: [GET, POST], tags: [mine], summary: Says it back}, /params: {http_path: /p/q}}",
    ];

    [Theory]
    [MemberData(nameof(Gateways))]
    public async Task Every_route_that_answers_is_in_the_description(string settings)
    {
        await using var gateway = await StartAsync(settings);
        var described = Operations(await ReadAsync(gateway)).Select(operation => $"{operation.Method.ToUpperInvariant()} {operation.Path}");

        var answering = gateway.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is null && !s_page.Contains(endpoint.RoutePattern.RawText))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
                .Where(method => method != "CONNECT")
                .Select(method => $"{method} {endpoint.RoutePattern.RawText!.Replace("{*", "{", StringComparison.Ordinal)}"));

        Assert.Equal(answering.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Gateways))]
    public async Task It_passes_the_rules_of_a_linter(string settings)
    {
        await using var gateway = await StartAsync(settings);

        Assert.Empty(Lint(await ReadAsync(gateway)));
    }

    [Fact]
    public async Task The_flows_own_endpoints_stand_first_then_other_systems_and_what_runs_it_last()
    {
        await using var gateway = await StartAsync("compat: [openai, roboflow]");
        var description = await ReadAsync(gateway);

        string[] order = ["endpoints", "OpenAI", "Roboflow", "operation"];
        Assert.Equal(order, description["tags"]!.AsArray().Select(tag => (string)tag!["name"]!));
        var groups = Operations(description).Select(operation => (string)operation.Details["tags"]![0]!).ToList();
        Assert.Equal(groups.OrderBy(tag => Array.IndexOf(order, tag)), groups);
    }

    [Fact]
    public async Task An_endpoint_without_a_path_is_in_the_description_with_a_body_to_try()
    {
        await using var gateway = await StartAsync("");
        var examples = (await ReadAsync(gateway))["paths"]!["/post"]!["post"]!["requestBody"]!["content"]!["application/json"]!["examples"]!;

        Assert.Equal("/echo", (string)examples["/echo"]!["value"]!["execEndpoint"]!);
        var (status, reply) = await gateway.AskAsync(examples["/echo"]!["value"]!.ToJsonString());
        Assert.Equal(System.Net.HttpStatusCode.OK, status);
        Assert.Null(reply["header"]!["status"]);
    }

    private static Task<TestGateway> StartAsync(string settings) => TestGateway.StartAsync(
        $"jtype: Flow\nexecutors: [{{name: exec0, uses: Cap}}]\ngateway: {{port: 0{(settings.Length == 0 ? "" : $", {settings}")}}}\n",
        new TestFlowOptions { Executors = [typeof(RecordedExecutor)] });

    private static async Task<JsonNode> ReadAsync(TestGateway gateway)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi.json");
        request.Headers.Add("X-API-Key", "a-key-of-the-tests-0123");
        using var response = await gateway.Http.SendAsync(request);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    private static IEnumerable<(string Path, string Method, JsonObject Details)> Operations(JsonNode description) =>
        description["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(method => (path.Key, method.Key, method.Value!.AsObject())));

    private static IEnumerable<string> Lint(JsonNode description)
    {
        if ((string?)description["info"]?["license"]?["identifier"] is not { Length: > 0 })
        {
            yield return "info-license: no licence";
        }

        if (description["servers"] is not JsonArray { Count: > 0 } servers || servers.Any(server => (string?)server!["url"] is not "/"))
        {
            yield return "no-empty-servers: no server";
        }

        var tags = description["tags"]!.AsArray().Select(tag => (string)tag!["name"]!).ToList();
        foreach (var tag in description["tags"]!.AsArray().Where(tag => string.IsNullOrEmpty((string?)tag!["description"])))
        {
            yield return $"tag-description: {tag}";
        }

        var text = description.ToJsonString();
        foreach (var reference in Reference().Matches(text).Select(match => match.Groups[1].Value).Where(name => description["components"]!["schemas"]![name] is null))
        {
            yield return $"no-unresolved-refs: {reference}";
        }

        foreach (var (name, _) in description["components"]?["schemas"]?.AsObject() ?? [])
        {
            if (!text.Contains($"#/components/schemas/{name}\"", StringComparison.Ordinal))
            {
                yield return $"no-unused-components: {name}";
            }
        }

        var schemes = description["components"]?["securitySchemes"]?.AsObject().Select(scheme => scheme.Key).ToList() ?? [];
        foreach (var scheme in (description["security"]?.AsArray() ?? []).SelectMany(each => each!.AsObject()).Where(scheme => !schemes.Contains(scheme.Key)))
        {
            yield return $"security-defined: {scheme.Key}";
        }

        var ids = new HashSet<string>();
        foreach (var (path, method, details) in Operations(description))
        {
            foreach (var problem in LintOperation(path, details, tags, ids, description["security"] is not null))
            {
                yield return $"{method} {path}: {problem}";
            }
        }
    }

    private static IEnumerable<string> LintOperation(string path, JsonObject details, List<string> tags, HashSet<string> ids, bool isSecured)
    {
        if ((string?)details["operationId"] is not { } id || !Id().IsMatch(id) || !ids.Add(id))
        {
            yield return $"operation-operationId: {details["operationId"]}";
        }

        if (string.IsNullOrEmpty((string?)details["summary"]))
        {
            yield return "operation-summary";
        }

        if (details["security"] is null && !isSecured)
        {
            yield return "security-defined";
        }

        if (details["tags"] is not JsonArray { Count: > 0 } used || used.Any(tag => !tags.Contains((string)tag!)))
        {
            yield return "operation-tag-defined";
        }

        var codes = details["responses"]!.AsObject().Select(response => response.Key).ToList();
        if (!codes.Exists(code => code[0] == '2') || !codes.Exists(code => code[0] == '4'))
        {
            yield return "operation-2xx-response, operation-4xx-response";
        }

        if (details["responses"]!.AsObject().Any(response => response.Value!["description"] is null))
        {
            yield return "a response without description";
        }

        var inPath = details["parameters"]?.AsArray().Where(each => (string?)each!["in"] == "path" && (bool)each["required"]!).Select(each => (string)each!["name"]!) ?? [];
        if (!Braces().Matches(path).Select(match => match.Groups[1].Value).SequenceEqual(inPath))
        {
            yield return "path-parameters-defined";
        }

        if (path.Length > 1 && path.EndsWith('/'))
        {
            yield return "no-path-trailing-slash";
        }
    }

    [GeneratedRegex("\"\\$ref\":\"#/components/schemas/([^\"]+)\"")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\A[A-Za-z0-9]+\z")]
    private static partial Regex Id();

    [GeneratedRegex(@"\{([^}]+)\}")]
    private static partial Regex Braces();
}
