using System.Text.Json.Nodes;
using FlowKit.Specs.Running;

namespace FlowKit.Specs;

/// <summary>Flow files of Jina's, run as they are.</summary>
public sealed class JinaFileSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The three flows that clip-as-service brings, by their keys; none names a protocol, so that its clients ask by gRPC.</summary>
    [Theory]
    [InlineData("clip-torch.yml")]
    [InlineData("clip-onnx.yml")]
    [InlineData("clip-tensorrt.yml")]
    public async Task A_flow_of_clip_as_service_starts_unchanged_on_the_embedded_model_and_answers_by_gRPC_as_by_HTTP(string file)
    {
        await using var flow = await RunningFlow.StartAsync(Repository.At("tests", "testdata", "flows", "jina", file), _folder.Path);

        var byGrpc = await EmbedAsync(flow.Address.Replace("http://", "grpc://", StringComparison.Ordinal));
        var byHttp = await EmbedAsync(flow.Address);

        Assert.True(byGrpc.Count > 1, byGrpc.ToJsonString());
        Assert.Equal(byHttp.Count, byGrpc.Count);
        Assert.Contains("gRPC", flow.Log, StringComparison.Ordinal);
        Assert.Contains($"{file}:12:11: executors.clip_", flow.Log, StringComparison.Ordinal);
    }

    private static async Task<JsonArray> EmbedAsync(string address)
    {
        var result = await FlowKitCommand.RunAsync(["post", address, "--on", "/", "--text", "a red apple", "--output", "jsonl"]);
        Assert.True(result.ExitCode == 0, result.Errors);
        return JsonNode.Parse(result.Output)!["embedding"]!.AsArray();
    }
}
