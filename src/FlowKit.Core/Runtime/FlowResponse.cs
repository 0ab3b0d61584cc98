using System.Text.Json.Nodes;

namespace FlowKit.Runtime;

/// <summary>The one answer of a request.</summary>
/// <param name="Documents">
/// The documents; those of a request that failed in an executor are the ones that came to it, as far as it has not changed them.
/// </param>
/// <param name="Error">Why the whole request failed; documents that failed alone carry their own error.</param>
/// <param name="Routes">Where it went, the gateway first.</param>
/// <param name="Results">What executors reported beside documents, by executor; <see langword="null"/> when none did.</param>
public sealed record FlowResponse(DocumentArray Documents, FlowError? Error, IReadOnlyList<RouteTiming> Routes, JsonObject? Results);
