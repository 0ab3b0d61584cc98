using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FlowKit.Runtime.Properties;

/// <summary>Keeps the warnings and errors of one trial.</summary>
internal sealed class TrialLogs : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<(int Id, string Message)> _entries = new();

    public IEnumerable<(int Id, string Message)> Entries => _entries;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Logs are only kept.");

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _entries.Enqueue((eventId.Id, $"{formatter(state, exception)} {exception}"));
        }
    }
}
