using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace FlowKit.Serving.Gateway.SharedPorts;

/// <summary>
/// A place to listen at that no network reaches: Kestrel accepts from it the connections that another of its ports has handed over. Thus
/// one connection may be served by either pipeline of Kestrel's.
/// </summary>
internal sealed class HandedOverConnections : IConnectionListenerFactory, IConnectionListenerFactorySelector, IConnectionListener
{
    /// <summary>Kestrel takes them at once; more than this wait where they were accepted.</summary>
    private const int Capacity = 128;

    private readonly Channel<ConnectionContext> _accepted = Channel.CreateBounded<ConnectionContext>(Capacity);

    /// <inheritdoc/>
    public EndPoint EndPoint { get; } = new HandedOverEndPoint();

    /// <summary>Tells whether an address that Kestrel listens at is this one, which means nothing to anybody.</summary>
    public static bool IsAddress(string address) => address.EndsWith(HandedOverEndPoint.Name, StringComparison.Ordinal);

    /// <summary>Has a connection served to its end.</summary>
    public async Task ServeAsync(ConnectionContext connection)
    {
        var handed = new HandedOverConnection(connection);
        try
        {
            await _accepted.Writer.WriteAsync(handed, connection.ConnectionClosed);
        }
        catch (ChannelClosedException)
        {
            connection.Abort(new ConnectionAbortedException("The gateway stops."));
            return;
        }

        await handed.Served;
    }

    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => endpoint == EndPoint;

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _accepted.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_accepted.Reader.TryRead(out var connection))
            {
                return connection;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _accepted.Writer.TryComplete();
        return default;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => UnbindAsync();
}
