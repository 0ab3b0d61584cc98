using System.Collections;

namespace FlowKit.Runtime.Requests;

/// <summary>
/// The times at which a request was at each stage: two timestamps a stage, each one more than it is so that 0 means none, turned into
/// routes only when someone reads them.
/// </summary>
internal sealed class RouteMarks : IReadOnlyList<RouteTiming>
{
    private readonly long[] _marks;
    private readonly long _start;
    private List<(int Stage, FlowError Error)>? _failures;
    private int[]? _batches;
    private long _end;
    private RouteTiming[]? _routes;

    public RouteMarks(IReadOnlyList<string> stages, TimeProvider time)
    {
        Stages = stages;
        Time = time;
        _marks = new long[stages.Count * 2];
        _start = time.GetTimestamp();
    }

    /// <summary>The names of the stages, by position.</summary>
    public IReadOnlyList<string> Stages { get; }

    public TimeProvider Time { get; }

    public long Start => _start;

    public long End => _end;

    public TimeSpan Elapsed => Time.GetElapsedTime(_start, _end);

    public int Count => Routes.Length;

    private RouteTiming[] Routes => _routes ??= Build(_end);

    public RouteTiming this[int index] => Routes[index];

    /// <summary>Several shards and batches of one executor make one route, from the first start to the last end.</summary>
    public void Visit(int stage, long start, long end)
    {
        Interlocked.CompareExchange(ref _marks[stage * 2], start + 1, 0);
        Volatile.Write(ref _marks[(stage * 2) + 1], end + 1);
    }

    /// <summary>Says that a request only came by a stage.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="ends">Whether the hop ends where it began, or has no end.</param>
    public void PassBy(int stage, bool ends)
    {
        var now = Time.GetTimestamp() + 1;
        if (Interlocked.CompareExchange(ref _marks[stage * 2], now, 0) == 0 && ends)
        {
            Volatile.Write(ref _marks[(stage * 2) + 1], now);
        }
    }

    /// <summary>Says how many documents the batch had that it was in at a stage.</summary>
    public void NoteBatch(int stage, int documents)
    {
        lock (_marks)
        {
            (_batches ??= new int[Stages.Count])[stage] = documents;
        }
    }

    public void Fail(int stage, long start, FlowError error)
    {
        lock (_marks)
        {
            (_failures ??= []).Add((stage, error));
        }

        Visit(stage, start, Time.GetTimestamp());
    }

    /// <summary>Says that the request has been answered.</summary>
    /// <param name="now">When; 0 looks at the clock.</param>
    public RouteMarks Close(long now)
    {
        _end = now == 0 ? Time.GetTimestamp() : now;
        return this;
    }

    /// <summary>The routes of a request that is still on its way, as far as it has come.</summary>
    public IReadOnlyList<RouteTiming> UntilNow() => Build(Time.GetTimestamp());

    public IEnumerator<RouteTiming> GetEnumerator() => ((IEnumerable<RouteTiming>)Routes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private RouteTiming[] Build(long closed)
    {
        var startTime = Time.GetUtcNow() - Time.GetElapsedTime(_start);
        var routes = new RouteTiming[Stages.Count + 1];
        var order = new long[routes.Length];
        routes[0] = new RouteTiming(Graph.FlowGraph.Origin, startTime, At(startTime, closed + 1));
        var count = 1;
        for (var stage = 0; stage < Stages.Count; stage++)
        {
            var (start, end) = (Volatile.Read(ref _marks[stage * 2]), Volatile.Read(ref _marks[(stage * 2) + 1]));
            if (start != 0)
            {
                var route = new RouteTiming(Stages[stage], At(startTime, start), end == 0 ? null : At(startTime, end), ErrorOf(stage))
                {
                    Batch = _batches?[stage] ?? 0,
                };
                Insert(route, end == 0 ? start : end);
            }
        }

        return count == routes.Length ? routes : routes[..count];

        // By their ends, in the graph's order where these are equal: nearly sorted as they come.
        void Insert(RouteTiming route, long mark)
        {
            var at = count++;
            for (; at > 1 && order[at - 1] > mark; at--)
            {
                (routes[at], order[at]) = (routes[at - 1], order[at - 1]);
            }

            (routes[at], order[at]) = (route, mark);
        }
    }

    private FlowError? ErrorOf(int stage)
    {
        lock (_marks)
        {
            return _failures?.Find(failure => failure.Stage == stage).Error;
        }
    }

    private DateTimeOffset At(DateTimeOffset startTime, long mark) => startTime + Time.GetElapsedTime(_start, mark - 1);
}
