using System.Text.Json.Nodes;

namespace FlowKit;

/// <summary>Describes what a method with <see cref="RequestsAttribute"/> returns that has both documents and something to report.</summary>
/// <param name="Documents">The documents that go on.</param>
/// <param name="Results">What is reported under <c>parameters.__results__</c>, by name; the names of executors as a rule.</param>
public sealed record ExecutorAnswer(DocumentArray Documents, IReadOnlyDictionary<string, JsonNode?> Results);
