namespace FlowKit;

/// <summary>
/// Binds a method to endpoints. Without an endpoint the method is the default: it answers every endpoint that no other method of the
/// executor names. The method takes any of <see cref="DocumentArray"/>, <see cref="Parameters"/> or a class bound from them,
/// <c>IReadOnlyList&lt;DocumentArray&gt;</c> (Jina's <c>docs_matrix</c>: the parts of several needs with <c>no_reduce</c>),
/// <c>IReadOnlyDictionary&lt;string, DocumentArray&gt;</c> (<c>docs_map</c>: the same by the name they come from), a
/// <see cref="CancellationToken"/>, and services marked with <see cref="FromServicesAttribute"/>; it returns nothing (documents changed in
/// place), a <see cref="DocumentArray"/> (replacing them), <c>IAsyncEnumerable&lt;Document&gt;</c> (a stream), or any other object
/// (reported under <c>parameters.__results__</c>), each also as a task.
/// </summary>
/// <param name="endpoints">For example <c>/index</c>.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class RequestsAttribute(params string[] endpoints) : Attribute
{
    /// <summary>The endpoint of a method bound without one.</summary>
    public const string Default = "/default";

    /// <summary>The endpoints the method answers.</summary>
    public IReadOnlyList<string> Endpoints { get; } = endpoints.Length == 0 ? [Default] : endpoints;
}
