using System.Text.Json.Nodes;
using FlowKit.Serving.Grpc;
using FlowKit.TestKit;

namespace FlowKit.Serving.Gateway.Grpc;

/// <summary>A real foreign client, Python's grpcio with messages made of our own <c>.proto</c> files, uses every service of the gateway.</summary>
public sealed class ForeignGatewayClientTests
{
    private const string Reflected = """
        {"services": ["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection", "jina.JinaDiscoverEndpointsRPC", "jina.JinaGatewayDryRunRPC", "jina.JinaInfoRPC", "jina.JinaRPC", "jina.JinaSingleDataRequestRPC", "jina.JinaSingleDocumentRequestRPC"], "call": "jina.DataRequestProto", "file": "docarray.proto", "unknown": 5}
        """;

    [PythonFact]
    public async Task Every_service_of_the_gateway_answers()
    {
        await using var gateway = await TestGateway.StartAsync(
            "jtype: Flow\nexecutors: [{name: exec0, uses: Cap}, {name: exec1, uses: Cap}]\ngateway: {port: [0, 0], protocol: [http, grpc]}",
            new TestFlowOptions { Executors = [typeof(RecordedExecutor)] });

        var answers = await Python.AskAsync("gateway.py", gateway.Host.GrpcAddress!.Authority);

        Same("""[1, 1, "NOT_FOUND", 3]""", answers["health"]);
        Same(Reflected, answers["v1"]);
        Same(Reflected, answers["v1alpha"]);
        Same("""{"count": 500, "ordered": true, "seen": "exec1", "bytes": 2048}""", answers["call"]);
        Same("""{"dry_run": 0, "status": true, "endpoints": ["/echo", "_jina_dry_run_"]}""", answers["empty"]);
    }

    private static void Same(string expected, JsonNode? actual) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual?.ToJsonString());
}
