using System.Text.Json.Nodes;
using FlowKit.Conformance;
using FlowKit.Conformance.Compat;

namespace FlowKit.Serving.Gateway.Compat;

/// <summary>Subnet 19's synapses and its later route.</summary>
[ConformanceOf(typeof(Subnet19Routes))]
public sealed class Subnet19RoutesTests : CompatFamilySuite
{
    protected override string Family => "subnet19";

    protected override IReadOnlyList<CompatRoute> Routes =>
    [
        new("/ClipEmbeddingTexts", "text_prompts", items => new JsonObject { ["text_prompts"] = items }, Text, reply => reply["text_embeddings"]!.AsArray()),
        new("/ClipEmbeddingImages", "image_b64s", items => new JsonObject { ["image_b64s"] = items }, Picture, reply => reply["image_embeddings"]!.AsArray()) { Wrong = ["\"!\"", "{}"] },
        new("/clip-embeddings", "image_b64s", items => new JsonObject { ["image_b64s"] = items }, Picture, reply => reply["clip_embeddings"]!.AsArray()),
    ];

    protected override string? ErrorOf(JsonNode reply) => (string?)reply["error_message"];

    private static JsonNode Text(int number) => $"{number}";

    private static JsonNode Picture(int number) => Convert.ToBase64String([(byte)number]);
}
