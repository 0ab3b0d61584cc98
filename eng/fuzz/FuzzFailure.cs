namespace FlowKit.Fuzz;

/// <summary>A result that a reader must not have: a round trip that changes something, a server that has stopped answering.</summary>
/// <param name="message">What was seen.</param>
internal sealed class FuzzFailure(string message) : Exception(message);
