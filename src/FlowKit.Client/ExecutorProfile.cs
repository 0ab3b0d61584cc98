namespace FlowKit.Client;

/// <summary>The part of a round trip that one executor took.</summary>
/// <param name="Executor">Its name.</param>
/// <param name="Start">The time from the arrival at the gateway to its beginning.</param>
/// <param name="Duration">The time it took, its own queue included; zero when the request passed it by.</param>
public sealed record ExecutorProfile(string Executor, TimeSpan Start, TimeSpan Duration);
