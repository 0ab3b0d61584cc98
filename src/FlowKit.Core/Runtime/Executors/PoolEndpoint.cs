using FlowKit.Components;
using FlowKit.Runtime.Channels;

namespace FlowKit.Runtime.Executors;

/// <summary>The way that a pool answers one endpoint.</summary>
/// <param name="Method">What is called.</param>
/// <param name="Batching">How requests are put together; <see langword="null"/> when each is a call of its own.</param>
/// <param name="IsIdempotent">Whether a call that met a failed replica may be tried again.</param>
internal sealed record PoolEndpoint(EndpointMethod Method, BatchPolicy? Batching, bool IsIdempotent);
