using FlowKit.Wire;

namespace FlowKit.Client;

/// <summary>A road to a gateway: one request out, one reply back. Each protocol has one; any number of calls may be under way.</summary>
internal interface IFlowTransport : IAsyncDisposable
{
    /// <summary>Sends a request.</summary>
    /// <param name="request">The request; it has an id.</param>
    /// <param name="timeout">How long it may take; <see langword="null"/> leaves it to the gateway.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FlowKitException">The gateway cannot be reached or refuses.</exception>
    Task<DataRequest> SendAsync(DataRequest request, TimeSpan? timeout, CancellationToken cancellationToken);

    /// <summary>Sends a request whose documents come back one by one.</summary>
    /// <param name="request">The request; it has an id.</param>
    /// <param name="timeout">How long it may take; <see langword="null"/> leaves it to the gateway.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="FlowKitException">
    /// The gateway cannot be reached or refuses, or the request failed, perhaps after some documents.
    /// </exception>
    IAsyncEnumerable<Document> StreamAsync(DataRequest request, TimeSpan? timeout, CancellationToken cancellationToken);

    /// <summary>Tells whether the whole flow answers: Jina's dry run.</summary>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <exception cref="FlowKitException">The gateway cannot be reached or refuses.</exception>
    Task<bool> IsReadyAsync(CancellationToken cancellationToken);

    /// <summary>Reads the endpoints that the flow names; <see langword="null"/> where it does not tell.</summary>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <exception cref="FlowKitException">The gateway cannot be reached or refuses.</exception>
    Task<IReadOnlySet<string>?> GetEndpointsAsync(CancellationToken cancellationToken);
}
