using System.Text.Json.Nodes;
using FlowKit.Specs.Running;

namespace FlowKit.Orchestration.Launching.Containers;

/// <summary>An image of ours behind a gateway of Jina's protocol: Debian's Python with grpcio does what Jina's gateway was recorded to do.</summary>
public sealed class ForeignGatewayContainerTests : IClassFixture<EngineFixture>
{
    private const string Tag = "flowkit-test-behind-jina";

    private const string Cap = """
        using System.Runtime.CompilerServices;

        public sealed class Cap : Executor
        {
            [Requests("/upper")]
            public static void Upper(DocumentArray docs)
            {
                foreach (var doc in docs) { doc.Text = doc.Text?.ToUpperInvariant(); }
            }

            [Requests("/suffix")]
            public static void Suffix(DocumentArray docs, Parameters parameters)
            {
                foreach (var doc in docs) { doc.Text += parameters.Get("mark", "!"); }
            }

            [Requests("/fail")]
            public static void Fail(DocumentArray docs) => throw new FormatException("boom");

            [Requests("/words")]
            public static async IAsyncEnumerable<Document> Words(DocumentArray docs, [EnumeratorCancellation] CancellationToken token)
            {
                foreach (var word in docs[0].Text!.Split(' '))
                {
                    await Task.Delay(1, token);
                    yield return new Document { Text = word };
                }
            }
        }
        """;

    [PythonEngineFact]
    public async Task A_gateway_of_Jinas_protocol_starts_with_our_container_and_posts_through_it()
    {
        using var folder = new TemporaryFolder();
        var built = await FlowKitCommand.RunAsync("build", folder.File("Cap.cs", Cap), "-t", Tag);
        Assert.True(built.ExitCode == 0, built.Errors);

        foreach (var dialect in new[] { "v1", "v2" })
        {
            var answer = await EngineFixture.RunScriptAsync(
                Repository.At("tests", "testdata", "grpc", "as-gateway.sh"), $"flowkit-test-{Guid.NewGuid():N}", dialect, Tag);
            Same(
                """
                {
                  "services": ["jina.JinaDiscoverEndpointsRPC", "jina.JinaSingleDataRequestRPC", "jina.JinaSingleDocumentRequestRPC"],
                  "first": ["BEFORE DISCOVERY"], "routes": ["gateway", "executor0"], "id": true,
                  "endpoints": ["/fail", "/suffix", "/upper", "/words", "_jina_dry_run_"], "probe": [0, "OK"], "suffix": ["a?", "b?"],
                  "unknown": [0, ["as it was"]],
                  "failed": {"code": 1, "exception": ["FormatException", ["boom"], "Cap"], "flagged": true, "texts": ["kept"]},
                  "stream": ["one", "two", "three"], "at_once": 32
                }
                """,
                answer);
        }
    }

    private static void Same(string expected, string actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), actual);
}
