using System.Diagnostics;
using FlowKit.Configuration.Diagnostics;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Gateway.Logs;

/// <summary>
/// The last lines of a program's log, in a bounded ring, for whoever follows it from elsewhere: nothing of a line takes hold of a
/// terminal, and no secret of a flow is in it. Whoever reads too slowly loses lines, and never holds up who writes.
/// </summary>
internal sealed class LogTail : ILoggerProvider
{
    /// <summary>The number of lines that are kept.</summary>
    public const int Kept = 1000;

    /// <summary>The characters of a message, and of an exception, that are kept.</summary>
    public const int MaxText = 8192;

    private const string ExecutorCategory = "FlowKit.Executors.";

    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Queue<LoggedLine> _lines = new(Kept);
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _next;

    /// <param name="time">Time.</param>
    public LogTail(TimeProvider time) => _time = time;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new TailLogger(this, categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <summary>Returns the kept lines from a number on, and the number of the next.</summary>
    /// <param name="number">The number of the first.</param>
    public (IReadOnlyList<LoggedLine> Lines, long Next) From(long number)
    {
        lock (_lock)
        {
            return ([.. _lines.SkipWhile(line => line.Number < number)], _next);
        }
    }

    /// <summary>Waits until there is a line of a number.</summary>
    /// <param name="number">The number.</param>
    public Task WaitForAsync(long number)
    {
        lock (_lock)
        {
            return _next > number ? Task.CompletedTask : _more.Task;
        }
    }

    /// <param name="line">A line, whose number is found here.</param>
    private void Add(LoggedLine line)
    {
        TaskCompletionSource told;
        lock (_lock)
        {
            if (_lines.Count == Kept)
            {
                _lines.Dequeue();
            }

            _lines.Enqueue(line with { Number = _next++ });
            (told, _more) = (_more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        told.SetResult();
    }

    private static string Shown(string text)
    {
        var shown = ControlCharacters.Replace(SecretValues.Scrub(text));
        return shown.Length <= MaxText ? shown : $"{shown[..(MaxText - 1)]}…";
    }

    /// <summary>An executor has a category of its own; the others name it, or one of its replicas, among their values.</summary>
    private static string? ExecutorOf(string category, IReadOnlyList<KeyValuePair<string, object?>>? values)
    {
        if (category.StartsWith(ExecutorCategory, StringComparison.Ordinal))
        {
            return category[ExecutorCategory.Length..];
        }

        var named = values?.FirstOrDefault(value => value.Key is "Executor" or "Replica").Value?.ToString();
        return named?.Split('/')[0];
    }

    private sealed class TailLogger(LogTail tail, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            tail.Add(new LoggedLine(0, tail._time.GetUtcNow(), logLevel, category, Shown(formatter(state, exception)))
            {
                Event = eventId.Id,
                Executor = ExecutorOf(category, state as IReadOnlyList<KeyValuePair<string, object?>>),
                Trace = Activity.Current?.TraceId.ToHexString(),
                Exception = exception is null ? null : Shown(exception.ToString()),
            });
    }
}
