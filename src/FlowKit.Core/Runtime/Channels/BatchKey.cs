namespace FlowKit.Runtime.Channels;

/// <summary>The properties that items must have in common to be of one batch.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Parameters">What the executor sees of the parameters, as JSON.</param>
internal readonly record struct BatchKey(string Endpoint, string Parameters);
