using FlowKit.TestKit;

namespace FlowKit.Conformance.Protocols;

/// <summary>A flow of one executor, named <c>a</c>, that is reached by the protocol under test.</summary>
public abstract class ProtocolServer : IAsyncDisposable
{
    /// <summary>The flow.</summary>
    public abstract TestFlow Flow { get; }

    /// <summary>Opens a connection.</summary>
    public abstract IProtocolCaller Connect();

    /// <summary>Stops as a program does: what was accepted is answered.</summary>
    public abstract Task StopAsync();

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
