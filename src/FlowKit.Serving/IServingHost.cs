namespace FlowKit.Serving;

/// <summary>What listens before a running flow.</summary>
public interface IServingHost : IAsyncDisposable
{
    /// <summary>Where it listens first.</summary>
    Uri Address { get; }

    /// <summary>Stops accepting and waits for answers under way.</summary>
    /// <param name="cancellationToken">Gives up the wait.</param>
    Task StopAsync(CancellationToken cancellationToken);
}
