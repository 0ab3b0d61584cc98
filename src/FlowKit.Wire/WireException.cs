namespace FlowKit.Wire;

/// <summary>Jina's ExceptionProto.</summary>
/// <param name="Name">The exception's type name, or the error code.</param>
/// <param name="Args">Its arguments.</param>
/// <param name="Stacks">Its stack, a text a frame; from FlowKit one line unless the gateway shows stacks.</param>
/// <param name="Executor">The class of the executor that threw it; the executor's name where that is not known.</param>
public sealed record WireException(string Name, IReadOnlyList<string> Args, IReadOnlyList<string> Stacks, string Executor);
