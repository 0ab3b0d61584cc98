namespace FlowKit.Client;

/// <summary>One executor's part of a round trip.</summary>
/// <param name="Executor">Its name.</param>
/// <param name="Start">When it began, from the arrival at the gateway.</param>
/// <param name="Duration">How long it took, its own queue included; zero when the request passed it by.</param>
public sealed record ExecutorProfile(string Executor, TimeSpan Start, TimeSpan Duration);
