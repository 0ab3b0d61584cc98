using System.Text.Json.Nodes;

namespace FlowKit.Conformance.Protocols;

/// <summary>An answer or a refusal, as the caller of a protocol sees it.</summary>
/// <param name="Documents">The documents that came back.</param>
/// <param name="Results">The results that executors reported, by their names.</param>
/// <param name="Error">The failure or the refusal.</param>
public sealed record ProtocolAnswer(DocumentArray Documents, JsonNode? Results, FlowError? Error)
{
    /// <summary>The answer when a call was refused.</summary>
    /// <param name="error">The refusal.</param>
    public static ProtocolAnswer Refused(FlowError error) => new([], null, error);
}
