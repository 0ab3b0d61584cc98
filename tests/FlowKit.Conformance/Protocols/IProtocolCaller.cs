namespace FlowKit.Conformance.Protocols;

/// <summary>A caller with a connection of its own.</summary>
public interface IProtocolCaller : IAsyncDisposable
{
    /// <summary>Calls, and returns what is answered or why it is refused.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    Task<ProtocolAnswer> CallAsync(ProtocolCall call, CancellationToken cancellationToken = default);
}
