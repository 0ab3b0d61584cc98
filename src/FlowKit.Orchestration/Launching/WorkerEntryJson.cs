using System.Text.Json.Serialization;

namespace FlowKit.Orchestration.Launching;

/// <summary>How an entry is written for a worker.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WorkerEntry))]
internal sealed partial class WorkerEntryJson : JsonSerializerContext;
