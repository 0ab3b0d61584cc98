using System.Collections.Concurrent;
using System.Diagnostics;
using FlowKit.Runtime;

namespace FlowKit.Telemetry;

/// <summary>
/// The requests of one flow of late: the slowest of the last minutes and the last that failed, in bounded rings; and, while somebody
/// watches, the calls of every executor counted. Unwatched, a request that is neither slow nor failed costs one comparison.
/// </summary>
/// <param name="time">Time.</param>
internal sealed class FlowJournal(TimeProvider time)
{
    /// <summary>The number of requests that are kept of each kind.</summary>
    public const int Kept = 50;

    /// <summary>After this the slowest are found anew; those of the window before are still told.</summary>
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Queue<RequestEntry> _failed = [];
    private readonly ConcurrentDictionary<string, CallCounts> _executors = new(StringComparer.Ordinal);
    private List<RequestEntry> _slow = [];
    private List<RequestEntry> _slowBefore = [];
    private long _windowStart = time.GetTimestamp();
    private long _slowTicks;
    private long _requests;
    private int _watchers;

    /// <summary>Tells whether calls are counted.</summary>
    public bool IsWatched => Volatile.Read(ref _watchers) > 0;

    /// <summary>All requests, as they were answered.</summary>
    public CallCounts Requests { get; } = new();

    /// <summary>The calls of each executor.</summary>
    public IReadOnlyDictionary<string, CallCounts> Executors => _executors;

    /// <summary>The last that failed, the newest first.</summary>
    public IReadOnlyList<RequestEntry> Failed
    {
        get
        {
            lock (_lock)
            {
                return [.. _failed.Reverse()];
            }
        }
    }

    /// <summary>The slowest of the last minutes, the slowest first; those that failed are among the others.</summary>
    public IReadOnlyList<RequestEntry> Slowest
    {
        get
        {
            lock (_lock)
            {
                Turn(time.GetTimestamp());
                return [.. _slow.Concat(_slowBefore).OrderByDescending(entry => entry.Duration).Take(Kept)];
            }
        }
    }

    /// <summary>Counts calls until it is disposed.</summary>
    public IDisposable Watch()
    {
        Interlocked.Increment(ref _watchers);
        return new Watching(this);
    }

    /// <summary>Notes an answered request.</summary>
    /// <param name="call">The request.</param>
    /// <param name="trace">The activity that it belongs to; <see langword="null"/> when nobody listens.</param>
    /// <param name="routes">Its hops, which are built only when they are looked at.</param>
    /// <param name="duration">How long it took.</param>
    /// <param name="now">When it was answered.</param>
    /// <param name="error">How it failed.</param>
    /// <param name="isFloating">
    /// Whether it is only the part of a request that floats: its calls count, and nobody waited for it.
    /// </param>
    public void Note(
        FlowRequest call,
        Activity? trace,
        IReadOnlyList<RouteTiming> routes,
        TimeSpan duration,
        long now,
        FlowError? error,
        bool isFloating = false)
    {
        var id = Interlocked.Increment(ref _requests);
        if (IsWatched)
        {
            Count(call, routes, duration, error, isFloating);
        }

        if (error is null && (isFloating || IsQuick(duration, now)))
        {
            return;
        }

        var entry = new RequestEntry(id, trace?.TraceId.ToHexString(), call.Endpoint, call.Documents.Count, duration, error, routes);
        lock (_lock)
        {
            if (error is not null)
            {
                Keep(entry);
                return;
            }

            Turn(now);
            _slow.Add(entry);
            if (_slow.Count > Kept)
            {
                _slow.Remove(_slow.MinBy(slow => slow.Duration)!);
                Volatile.Write(ref _slowTicks, _slow.Min(slow => slow.Duration.Ticks));
            }
        }
    }

    private bool IsQuick(TimeSpan duration, long now) =>
        duration.Ticks <= Volatile.Read(ref _slowTicks) && time.GetElapsedTime(Volatile.Read(ref _windowStart), now) < s_window;

    private void Keep(RequestEntry entry)
    {
        _failed.Enqueue(entry);
        if (_failed.Count > Kept)
        {
            _failed.Dequeue();
        }
    }

    private void Turn(long now)
    {
        if (time.GetElapsedTime(_windowStart, now) >= s_window)
        {
            (_slowBefore, _slow) = (_slow, []);
            Volatile.Write(ref _slowTicks, 0);
            Volatile.Write(ref _windowStart, now);
        }
    }

    private void Count(FlowRequest call, IReadOnlyList<RouteTiming> routes, TimeSpan duration, FlowError? error, bool isFloating)
    {
        if (!isFloating)
        {
            Requests.Add(duration, call.Documents.Count, error is not null);
        }

        foreach (var hop in routes.Skip(1))
        {
            // An executor that is passed by has no time of its own.
            if (hop.End > hop.Start || hop.Error is not null)
            {
                _executors.GetOrAdd(hop.Executor, static _ => new CallCounts())
                    .Add(hop.End - hop.Start ?? TimeSpan.Zero, call.Documents.Count, hop.Error is not null);
            }
        }
    }

    private sealed class Watching(FlowJournal journal) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                Interlocked.Decrement(ref journal._watchers);
            }
        }
    }
}
