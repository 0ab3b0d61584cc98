using System.Text.Json.Nodes;
using FlowKit.Conformance;
using FlowKit.Conformance.Compat;

namespace FlowKit.Serving.Gateway.Compat;

/// <summary>OpenAI's route, for texts and, as infinity has it, for pictures.</summary>
[ConformanceOf(typeof(OpenAiRoutes))]
public sealed class OpenAiRoutesTests : CompatFamilySuite
{
    protected override string Family => "openai";

    protected override IReadOnlyList<CompatRoute> Routes =>
    [
        new("/v1/embeddings", "input", items => new JsonObject { ["model"] = "clip", ["input"] = items }, Text, EmbeddingsOf),
        new("/embeddings", "input", items => new JsonObject { ["input"] = items, ["modality"] = "image" }, Picture, EmbeddingsOf)
        {
            Wrong = ["\"!\"", """{"image": 17}""", """{"image": "!"}""", """{"text": 17}"""],
        },
    ];

    protected override string? ErrorOf(JsonNode reply) => (string?)reply["error"]?["message"];

    private static JsonArray EmbeddingsOf(JsonNode reply) => new([.. reply["data"]!.AsArray().Select(item => item!["embedding"]!.DeepClone())]);

    private static JsonNode Text(int number) => $"{number}";

    private static JsonNode Picture(int number) => Convert.ToBase64String([(byte)number]);
}
