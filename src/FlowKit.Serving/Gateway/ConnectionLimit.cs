using FlowKit.Configuration.Gateway;
using FlowKit.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Gateway;

/// <summary>
/// The connections that are open at once over all ports. A process that may open no further file cannot go on, so that callers who only
/// connect must not get that far. Kestrel's own limit counts each port by itself.
/// </summary>
internal sealed partial class ConnectionLimit
{
    /// <summary>Hardly anybody has more connections, so that nobody needs to know of a limit above.</summary>
    private const int Usual = 10_000;

    private const long MaxReserve = 4096;

    private static readonly TimeSpan s_refusalTold = TimeSpan.FromMinutes(1);

    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private int _open;
    private long _lastTold;

    /// <param name="gateway">What the flow says.</param>
    /// <param name="files">The number of files that may be open; <see langword="null"/> for any.</param>
    /// <param name="loggers">Told of a limit that is lower than usual, and of refusals.</param>
    /// <param name="time">The clock.</param>
    public ConnectionLimit(GatewayConfig gateway, long? files, ILoggerFactory loggers, TimeProvider time)
    {
        (_logger, _time) = (loggers.CreateLogger<ConnectionLimit>(), time);
        Max = Math.Min(gateway.MaxConnections ?? int.MaxValue, files is { } all ? WithReserve(all) : int.MaxValue);
        // A socket is one flow's own, whose gateway has told.
        if (gateway.Socket is null && files is { } limit && Max < (gateway.MaxConnections ?? Usual))
        {
            Log.Limited(_logger, Max, limit);
        }
    }

    /// <summary>The greatest number of connections.</summary>
    public int Max { get; }

    /// <summary>Counts the connections of a port; those above the limit are closed before anything is read.</summary>
    public void Use(ListenOptions listener) => listener.Use(next => connection => ServeAsync(next, connection));

    /// <summary>A third is left for models, indexes, workers and connections that are about to be closed.</summary>
    private static int WithReserve(long files) => (int)Math.Clamp(files - Math.Min(files / 3, MaxReserve), 1, int.MaxValue);

    private async Task ServeAsync(ConnectionDelegate next, ConnectionContext connection)
    {
        try
        {
            if (Interlocked.Increment(ref _open) <= Max)
            {
                await next(connection);
                return;
            }

            connection.Abort();
            TellRefusal();
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    /// <summary>A flood of connections must not become one of log lines.</summary>
    private void TellRefusal()
    {
        var (now, last) = (_time.GetTimestamp(), Interlocked.Read(ref _lastTold));
        var isDue = last == 0 || _time.GetElapsedTime(last, now) >= s_refusalTold;
        if (isDue && Interlocked.CompareExchange(ref _lastTold, now, last) == last)
        {
            Log.Refused(_logger, Max);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.ConnectionsLimited,
            LogLevel.Warning,
            "At most {Limit} connections are open at once, because this process may have no more than {Files} open files; "
                + "'ulimit -Hn', LimitNOFILE or --ulimit nofile allow more")]
        public static partial void Limited(ILogger logger, int limit, long files);

        [LoggerMessage(
            EventIds.ConnectionRefused,
            LogLevel.Warning,
            "A connection was closed as it came: {Limit} are open (gateway.max_connections). Further ones are told once a minute")]
        public static partial void Refused(ILogger logger, int limit);
    }
}
