namespace FlowKit;

/// <summary>Describes what an executor threw, as Jina's exception of a status does; beside the name, which the error has itself.</summary>
/// <param name="Arguments">The arguments of the exception: of a .NET one its message.</param>
/// <param name="Stacks">
/// The stack, a text a frame, where the flow shows it (<c>gateway.show_stacks</c>); otherwise one line, which names the exception.
/// </param>
/// <param name="ExecutorClass">The class of the executor, as <c>uses</c> names it; Python's name of one of Jina's.</param>
public sealed record ExceptionDetails(IReadOnlyList<string> Arguments, IReadOnlyList<string> Stacks, string? ExecutorClass);
