namespace FlowKit.Runtime;

/// <summary>What waits inside an inbox: one lane for parts that go alone, and one for each batch key. Guarded by the inbox's lock.</summary>
internal sealed class InboxLanes(TimeSpan priorityStep, TimeProvider time)
{
    private readonly Lane _plain = new(null, priorityStep, time.TimestampFrequency);
    private readonly Dictionary<BatchKey, Lane> _lanes = [];

    /// <summary>Documents and bytes that wait.</summary>
    public Load Load { get; private set; }

    /// <summary>Requests that wait.</summary>
    public int Count
    {
        get
        {
            var count = _plain.Count;
            foreach (var lane in _lanes.Values)
            {
                count += lane.Count;
            }

            return count;
        }
    }

    public void Enter(RequestPart part)
    {
        LaneOf(part).Add(part);
        Load += part.Load;
    }

    /// <summary>The lane whose first part is served next.</summary>
    /// <param name="hurries">Whether none waits for a fuller batch.</param>
    /// <param name="wait">How long the first of them still waits, when all do; otherwise not at all.</param>
    public Lane? FirstReady(bool hurries, out TimeSpan? wait)
    {
        wait = null;
        var first = _plain.Count > 0 ? _plain : null;
        if (_lanes.Count == 0)
        {
            return first;
        }

        var earliest = TimeSpan.MaxValue;
        foreach (var lane in _lanes.Values)
        {
            if (lane.Count == 0)
            {
                continue;
            }

            var left = hurries ? TimeSpan.Zero : WaitOf(lane);
            if (left > TimeSpan.Zero)
            {
                earliest = left < earliest ? left : earliest;
            }
            else if (first is null || lane.Rank() < first.Rank())
            {
                first = lane;
            }
        }

        wait = first is null && earliest != TimeSpan.MaxValue ? earliest : null;
        return first;
    }

    /// <summary>Takes what makes one call out of a lane; parts whose request has ended come alone, to be counted and dropped.</summary>
    public void Fill(Lane lane, Batch batch)
    {
        if (lane.Policy is null)
        {
            batch.Take(lane.Peek());
            Leave(lane);
            return;
        }

        var key = lane.Peek().Batched!.Key;
        FillBatch(lane, batch, lane.Policy.Most);
        if (lane.Count == 0)
        {
            _lanes.Remove(key);
        }
    }

    /// <summary>Takes out everything.</summary>
    public List<RequestPart> Empty()
    {
        List<RequestPart> parts = [];
        foreach (var lane in _lanes.Values.Prepend(_plain))
        {
            while (lane.Count > 0)
            {
                parts.Add(lane.Peek());
                Leave(lane);
            }
        }

        _lanes.Clear();
        return parts;
    }

    private Lane LaneOf(RequestPart part)
    {
        if (part.Batched is not { } batched)
        {
            return _plain;
        }

        if (!_lanes.TryGetValue(batched.Key, out var lane))
        {
            _lanes.Add(batched.Key, lane = new Lane(batched.Policy, priorityStep, time.TimestampFrequency));
        }

        return lane;
    }

    private void Leave(Lane lane)
    {
        Load -= lane.Peek().Load;
        lane.Remove();
    }

    /// <summary>How long a lane still waits for a fuller batch.</summary>
    private TimeSpan WaitOf(Lane lane) =>
        lane.Cost >= lane.Policy!.Preferred || lane.Policy.Timeout == TimeSpan.Zero
            ? TimeSpan.Zero
            : lane.Policy.Timeout - time.GetElapsedTime(lane.Oldest());

    private void FillBatch(Lane lane, Batch batch, int room)
    {
        while (lane.Count > 0 && room > 0)
        {
            var part = lane.Peek();
            if (part.Request.IsSettled)
            {
                batch.Drop();
                Leave(lane);
                continue;
            }

            var start = part.Batched!.Taken;
            var (count, cost) = lane.TakeFrom(part, room, batch.Slices.Count == 0);
            if (count == 0 && start < part.Batched.Given.Count)
            {
                break;
            }

            batch.Add(new Slice(part, start, count));
            room -= cost;
            if (part.Batched.Taken == part.Batched.Given.Count)
            {
                Leave(lane);
            }
        }
    }
}
