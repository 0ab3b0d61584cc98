namespace FlowKit.Components;

/// <summary>Describes what a method with <see cref="RequestsAttribute"/> can be given.</summary>
/// <param name="Documents">The documents, of all parts.</param>
/// <param name="Parameters">What is said beside them, as this executor sees it.</param>
/// <param name="Parts">The parts before they were put together; <see langword="null"/> when there was one.</param>
/// <param name="Request">What is known of the request; <see langword="null"/> for a method that does not ask.</param>
/// <param name="CancellationToken">Ends when nobody waits any more.</param>
public readonly record struct ExecutorCall(
    DocumentArray Documents, Parameters Parameters, PartMatrix? Parts, RequestContext? Request, CancellationToken CancellationToken)
{
    /// <summary>The documents as the method's own type has them; <see langword="null"/> where it takes the flow's.</summary>
    internal object? Typed { get; init; }

    /// <summary>Jina's <c>docs_matrix</c>.</summary>
    internal IReadOnlyList<DocumentArray> Matrix => Parts?.Parts ?? [Documents];

    /// <summary>Jina's <c>docs_map</c>.</summary>
    internal IReadOnlyDictionary<string, DocumentArray> Map =>
        Parts?.ByName() ?? new Dictionary<string, DocumentArray> { [Graph.FlowGraph.Origin] = Documents };
}
