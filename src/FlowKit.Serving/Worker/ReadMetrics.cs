namespace FlowKit.Serving.Worker;

/// <summary>Reads what a worker measures itself, as text for Prometheus.</summary>
/// <param name="accepted">The forms that are wanted, as Prometheus' <c>Accept</c> names them.</param>
/// <param name="cancellationToken">Gives up.</param>
internal delegate Task<string> ReadMetrics(string accepted, CancellationToken cancellationToken);
