using System.Globalization;
using FlowKit.Telemetry;
using Microsoft.Extensions.Logging;

namespace FlowKit.Orchestration.Launching;

/// <summary>
/// Passes what a worker writes on to the flow's log under the replica's name, in a colour of its own on a terminal. A flood is thinned out
/// and counted, so that neither the worker nor the log waits for the other.
/// </summary>
internal sealed partial class WorkerLog(string replica, ILogger logger, TimeProvider time)
{
    private const int LinesPerSecond = 200;
    private const int Remembered = 20;

    private static readonly TimeSpan s_floodTold = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Queue<string> _last = new(Remembered);
    private readonly string _name = Coloured(replica);
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

        var line = LogLine.Parse(text);
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
            Log.LeftOut(logger, _name, leftOut);
        }

        var plain = Plain(line.Text);
        Log.Line(logger, line.Level, _name, plain);
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
            Log.LeftOut(logger, _name, leftOut);
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

    /// <summary>Replaces control characters, so that a worker's output cannot move the cursor of a terminal that shows the log.</summary>
    private static string Plain(string text) =>
        text.Any(char.IsControl)
            ? string.Concat(text.Select(character => char.IsControl(character) && character != '\t' ? '\uFFFD' : character))
            : text;

    private static string Coloured(string replica)
    {
        if (Console.IsOutputRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 })
        {
            return replica;
        }

        var colour = 31 + (replica.Aggregate(0, (sum, character) => sum + character) % 6);
        return string.Create(CultureInfo.InvariantCulture, $"\e[{colour}m{replica}\e[0m");
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
