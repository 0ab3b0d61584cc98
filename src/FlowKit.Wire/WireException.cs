namespace FlowKit.Wire;

/// <summary>Jina's ExceptionProto. Stack traces stay in the server's log.</summary>
/// <param name="Name">The exception's type name, or the error code.</param>
/// <param name="Args">Its arguments.</param>
/// <param name="Stacks">Its stack, empty from FlowKit.</param>
/// <param name="Executor">Who threw it.</param>
public sealed record WireException(string Name, IReadOnlyList<string> Args, IReadOnlyList<string> Stacks, string Executor);
