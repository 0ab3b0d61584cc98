using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Gateway;

/// <summary>
/// Passes on what the inner host and Kestrel log, but for ports that cannot be opened: whoever starts them gets an exception that says so
/// in a sentence, and two stack traces in front of it help nobody.
/// </summary>
/// <param name="inner">Where logs go.</param>
internal sealed class StartLoggers(ILoggerFactory inner) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName)
    {
        var logger = inner.CreateLogger(categoryName);
        return categoryName.StartsWith("Microsoft.", StringComparison.Ordinal) ? new StartLogger(logger) : logger;
    }

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    /// <summary>The factory belongs to the program.</summary>
    public void Dispose()
    {
    }

    private sealed class StartLogger(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var isPort = exception?.GetBaseException() is SocketException
            {
                SocketErrorCode: SocketError.AddressAlreadyInUse or SocketError.AddressNotAvailable or SocketError.AccessDenied,
            };
            if (!isPort)
            {
                inner.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
