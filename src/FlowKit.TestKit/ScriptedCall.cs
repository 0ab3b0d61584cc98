namespace FlowKit.TestKit;

/// <summary>A call of a <see cref="ScriptedExecutor"/>.</summary>
/// <param name="Executor">The executor's name in the flow.</param>
/// <param name="Replica">Its replica, from 0.</param>
/// <param name="Documents">The documents it was given.</param>
/// <param name="Parameters">The parameters it was given.</param>
/// <param name="Token">Ends when nobody waits any more.</param>
public sealed record ScriptedCall(string Executor, int Replica, DocumentArray Documents, Parameters Parameters, CancellationToken Token);
