using FlowKit.Configuration.Diagnostics;
using FlowKit.Telemetry;
using Microsoft.Extensions.Logging;

namespace FlowKit.Orchestration.Launching;

/// <summary>
/// Passes what a worker writes on to the flow's log under the replica's name, without what would move the cursor of a terminal. A
/// flood is thinned out and counted, so that neither the worker nor the log waits for the other.
/// </summary>
internal sealed partial class WorkerLog(string replica, ILogger logger, TimeProvider time)
{
    private const int LinesPerSecond = 200;
    private const int Remembered = 20;

    private static readonly TimeSpan s_floodTold = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Queue<string> _last = new(Remembered);
    private long _second;
    private int _lines;
    private int _leftOut;

    /// <summary>The last lines, oldest first, for the error that ends it.</summary>
    public IReadOnlyList<string> LastLines
    {
        get
        {
            lock (_lock)
            {
                return [.. _last];
            }
        }
    }

    /// <summary>Takes a line.</summary>
    public void Add(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        var line = LogLine.Parse(ControlCharacters.Replace(text));
        int leftOut;
        lock (_lock)
        {
            if (_last.Count == Remembered)
            {
                _last.Dequeue();
            }

            _last.Enqueue(line.Text);
            if (!HasRoom())
            {
                if (_leftOut++ == 0)
                {
                    _ = EndSoonAsync();
                }

                return;
            }

            (leftOut, _leftOut) = (_leftOut, 0);
        }

        if (leftOut > 0)
        {
            Log.LeftOut(logger, replica, leftOut);
        }

        Log.Line(logger, line.Level, replica, line.Text);
    }

    /// <summary>Tells how many lines of the last flood were left out.</summary>
    public void End()
    {
        int leftOut;
        lock (_lock)
        {
            (leftOut, _leftOut) = (_leftOut, 0);
        }

        if (leftOut > 0)
        {
            Log.LeftOut(logger, replica, leftOut);
        }
    }

    /// <summary>A flood may be followed by nothing that would tell of it.</summary>
    private async Task EndSoonAsync()
    {
        await Task.Delay(s_floodTold, time).ConfigureAwait(false);
        End();
    }

    private bool HasRoom()
    {
        var second = time.GetTimestamp() / time.TimestampFrequency;
        if (second != _second)
        {
            (_second, _lines) = (second, 0);
        }

        return ++_lines <= LinesPerSecond;
    }

    private static partial class Log
    {
        [LoggerMessage(Message = "{Replica} | {Text}", EventId = EventIds.WorkerWrote)]
        public static partial void Line(ILogger logger, LogLevel level, string replica, string text);

        [LoggerMessage(
            EventIds.WorkerLinesLeftOut,
            LogLevel.Warning,
            "{Replica} | ({Count} more lines were left out: it writes more than the log takes)")]
        public static partial void LeftOut(ILogger logger, string replica, int count);
    }
}
