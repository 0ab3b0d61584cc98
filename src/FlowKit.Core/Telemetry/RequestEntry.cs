using FlowKit.Runtime;

namespace FlowKit.Telemetry;

/// <summary>A request that was answered, as the journal keeps it: without its documents.</summary>
/// <param name="Id">Its number in the flow, from 1.</param>
/// <param name="Trace">The id of its trace; <see langword="null"/> where nobody listens.</param>
/// <param name="Endpoint">What it asked for.</param>
/// <param name="Documents">How many documents it brought.</param>
/// <param name="Duration">From admission to reply.</param>
/// <param name="Error">How it failed; <see langword="null"/> when it did not.</param>
/// <param name="Routes">Its hops; the first is the gateway's.</param>
internal sealed record RequestEntry(
    long Id, string? Trace, string Endpoint, int Documents, TimeSpan Duration, FlowError? Error, IReadOnlyList<RouteTiming> Routes);
