using System.Text.Json.Nodes;
using FlowKit.Tests;

namespace FlowKit.Wire.Tests.Proto;

/// <summary>One protobuf message that a real Jina 3.23 sent, with its decoded form where it has one.</summary>
/// <param name="Name">What happened, who sent it to whom, and in which call.</param>
/// <param name="Type">Its full name, such as <c>jina.DataRequestProto</c>; <c>?</c> when it is none on purpose.</param>
internal sealed record RecordedMessage(string Name, string Type)
{
    public byte[] Bytes() => SharedData.Bytes("data", "jina-wire", $"{Name}.bin");

    public JsonObject Decoded() => (JsonObject)JsonNode.Parse(File.ReadAllText(SharedData.At("data", "jina-wire", "decoded", $"{Name}.json")))!;

    /// <summary>Whether it is no message on purpose.</summary>
    public bool IsGarbage => Name.StartsWith("raw_garbage", StringComparison.Ordinal) || Type == "?";

    public static IEnumerable<RecordedMessage> OfType(params string[] types) => All().Where(message => types.Contains(message.Type) && !message.IsGarbage);

    public static IEnumerable<RecordedMessage> All()
    {
        var index = JsonNode.Parse(File.ReadAllText(SharedData.At("data", "jina-wire", "index.json")))!;
        return index["entries"]!.AsArray()
            .Where(entry => (string?)entry!["kind"] == "protobuf")
            .Select(entry => new RecordedMessage((string)entry!["name"]!, (string)entry["message"]!));
    }
}
