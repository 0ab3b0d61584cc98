using System.Text.Json.Nodes;
using FlowKit.Conformance;
using FlowKit.Conformance.Compat;

namespace FlowKit.Serving.Gateway.Compat;

/// <summary>Roboflow Inference's routes.</summary>
[ConformanceOf(typeof(RoboflowRoutes))]
public sealed class RoboflowRoutesTests : CompatFamilySuite
{
    protected override string Family => "roboflow";

    protected override IReadOnlyList<CompatRoute> Routes =>
    [
        new("/clip/embed_text", "text", items => new JsonObject { ["text"] = items }, Text, reply => reply["embeddings"]!.AsArray()),
        new(
            "/clip/embed_image",
            "image",
            items => new JsonObject { ["image"] = items },
            number => new JsonObject { ["type"] = "base64", ["value"] = Picture(number) },
            reply => reply["embeddings"]!.AsArray())
        {
            Wrong =
            [
                "{}", """{"type": "base64"}""", """{"value": "AA=="}""", """{"type": "base64", "value": 17}""", """{"type": "base64", "value": "!"}""",
                """{"type": "url", "value": null}""", """{"type": "url", "value": ""}""", """{"type": "numpy", "value": "AA=="}""", """{"type": 17, "value": "AA=="}""",
            ],
        },
    ];

    protected override string? ErrorOf(JsonNode reply) => (string?)reply["message"];

    private static JsonNode Text(int number) => $"{number}";

    private static JsonNode Picture(int number) => Convert.ToBase64String([(byte)number]);
}
