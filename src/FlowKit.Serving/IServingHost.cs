namespace FlowKit.Serving;

/// <summary>A server that listens in front of a running flow.</summary>
public interface IServingHost : IAsyncDisposable
{
    /// <summary>The first address that it listens on.</summary>
    Uri Address { get; }

    /// <summary>Stops accepting and waits for answers under way.</summary>
    /// <param name="cancellationToken">Gives up the wait.</param>
    Task StopAsync(CancellationToken cancellationToken);
}
