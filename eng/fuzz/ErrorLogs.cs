using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FlowKit.Fuzz;

/// <summary>Errors that a server logs: an exception that nobody foresaw, or one that Kestrel had to catch.</summary>
internal sealed class ErrorLogs : ILoggerFactory
{
    private readonly ConcurrentQueue<string> _errors = new();

    /// <summary>Takes the oldest one, if there is any.</summary>
    public string? Take() => _errors.TryDequeue(out var error) ? error : null;

    public ILogger CreateLogger(string categoryName) => new Log(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Errors are only kept.");

    public void Dispose()
    {
    }

    private sealed class Log(ErrorLogs errors, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            // The gRPC library logs what a caller sends wrong as an error of its own.
            if (logLevel >= LogLevel.Error && !category.StartsWith("Grpc.", StringComparison.Ordinal))
            {
                errors._errors.Enqueue($"{category}: {formatter(state, exception)} {exception}");
            }
        }
    }
}
