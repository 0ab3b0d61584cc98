using System.Text.Json.Serialization;

namespace FlowKit.Orchestration.Launching;

/// <summary>Writes and reads an entry for a worker, with names in snake_case and unset values left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WorkerEntry))]
internal sealed partial class WorkerEntryJson : JsonSerializerContext;
