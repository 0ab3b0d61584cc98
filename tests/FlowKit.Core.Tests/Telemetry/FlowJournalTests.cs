using FlowKit.Runtime;
using FlowKit.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace FlowKit.Telemetry;

/// <summary>The requests of late that a flow keeps.</summary>
public sealed class FlowJournalTests
{
    private readonly FakeTimeProvider _time = new();

    private FlowJournal New() => new(_time);

    private void Note(FlowJournal journal, double milliseconds, FlowError? error = null, string endpoint = "/run") =>
        journal.Note(
            new FlowRequest(endpoint, [new Document("1"), new Document("2")]), null, [Hop("gateway", 0, milliseconds), Hop("a", 0, milliseconds / 2)], TimeSpan.FromMilliseconds(milliseconds),
            _time.GetTimestamp(), error);

    private RouteTiming Hop(string executor, double from, double to) =>
        new(executor, _time.GetUtcNow().AddMilliseconds(from), _time.GetUtcNow().AddMilliseconds(to));

    [Fact]
    public void The_slowest_are_kept_and_no_more_than_that()
    {
        var journal = New();
        for (var i = 1; i <= 500; i++)
        {
            Note(journal, (i * 37 % 500) + 1);
        }

        Assert.Equal(Enumerable.Range(451, 50).Reverse().Select(each => (double)each), journal.Slowest.Select(entry => entry.Duration.TotalMilliseconds));
        Assert.Equal(2, journal.Slowest[0].Documents);
    }

    [Fact]
    public void After_a_while_the_slowest_are_found_anew_and_those_before_are_still_told()
    {
        var journal = New();
        for (var i = 0; i < FlowJournal.Kept; i++)
        {
            Note(journal, 1000);
        }

        _time.Advance(TimeSpan.FromMinutes(6));
        Note(journal, 5, endpoint: "/new");
        Note(journal, 2000, endpoint: "/slow");

        Assert.Equal("/slow", journal.Slowest[0].Endpoint);
        Assert.Equal(FlowJournal.Kept, journal.Slowest.Count);
        _time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(["/slow", "/new"], journal.Slowest.Select(entry => entry.Endpoint));
        _time.Advance(TimeSpan.FromMinutes(6));
        _ = journal.Slowest;
        Assert.Empty(journal.Slowest);
    }

    [Fact]
    public void The_last_that_failed_are_kept_the_newest_first()
    {
        var journal = New();
        for (var i = 0; i < 120; i++)
        {
            Note(journal, 1, new FlowError(FlowErrorCode.Internal, $"failure {i}"));
        }

        Assert.Equal(Enumerable.Range(70, 50).Reverse().Select(i => $"failure {i}"), journal.Failed.Select(entry => entry.Error!.Message));
        Assert.Empty(journal.Slowest);
    }

    [Fact]
    public void Calls_are_counted_only_while_somebody_watches()
    {
        var journal = New();
        Note(journal, 1);
        Assert.Equal(0, journal.Requests.Calls);

        using (journal.Watch())
        {
            var second = journal.Watch();
            Note(journal, 10);
            second.Dispose();
            second.Dispose();
            Note(journal, 30, new FlowError(FlowErrorCode.Internal, "no"));
        }

        Note(journal, 1);

        Assert.False(journal.IsWatched);
        Assert.Equal((2, 4, 1), (journal.Requests.Calls, journal.Requests.Documents, journal.Requests.Errors));
        Assert.Equal((2, 0), (journal.Executors["a"].Calls, journal.Executors["a"].Errors));
    }

    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.99, 99)]
    [InlineData(1, 100)]
    public void A_percentile_is_right_to_a_fifth(double share, double expected)
    {
        var counts = new DurationCounts();
        var before = counts.Read();
        for (var i = 1; i <= 100; i++)
        {
            counts.Add(TimeSpan.FromMilliseconds(i));
        }

        var found = DurationCounts.Percentile(before, counts.Read(), share)!.Value.TotalMilliseconds;

        Assert.InRange(found, expected / 1.2, expected * 1.2);
        Assert.Null(DurationCounts.Percentile(counts.Read(), counts.Read(), share));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e9)]
    public void Durations_of_any_length_have_a_bucket(double milliseconds)
    {
        var counts = new DurationCounts();
        counts.Add(TimeSpan.FromMilliseconds(milliseconds));

        Assert.NotNull(DurationCounts.Percentile(null, counts.Read(), 0.5));
    }

    [Fact]
    public async Task What_floats_is_no_request_of_its_own_and_its_failures_are_told()
    {
        var script = new FlowScript().Edit("j", documents => _ = documents.Any(document => document.Text == "bad") ? throw new FormatException("not this") : 0);
        await using var flow = await TestFlow.StartAsync(FlowText.Graph(("a", "gateway"), ("j, floating: true", "a")), script);
        using var watching = flow.Runtime.Journal.Watch();

        await flow.SendAsync("good").WithTimeout();
        await flow.SendAsync("bad").WithTimeout();
        await TestTimeout.UntilAsync(() => flow.Runtime.Journal.Failed.Count == 1, "the failure");

        Assert.Equal((2, 2, 2), (flow.Runtime.Journal.Requests.Calls, flow.Runtime.Journal.Executors["a"].Calls, flow.Runtime.Journal.Executors["j"].Calls));
        Assert.Equal(2, flow.Runtime.Journal.Slowest.Count);
        Assert.Equal("not this", flow.Runtime.Journal.Failed[0].Error!.Message);
    }

    [Fact]
    public async Task A_running_flow_tells_its_hops_batches_and_failures()
    {
        var script = new FlowScript().Edit("b", documents => _ = documents.Any(document => document.Text == "bad") ? throw new FormatException("not this") : 0);
        await using var flow = await TestFlow.StartAsync(
            FlowText.Graph(("a", "gateway"), ("b, dynamic_batching: {/run: {preferred_batch_size: 4, timeout: 20}}", "a")), script);
        using var watching = flow.Runtime.Journal.Watch();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => flow.SendAsync($"{i}"))).WithTimeout();
        await flow.PostAsync("/run", new Document("bad") { Text = "bad" });

        var slow = flow.Runtime.Journal.Slowest;
        var hops = slow[0].Routes;
        Assert.Equal(["gateway", "a", "b"], hops.Select(hop => hop.Executor));
        Assert.Contains(slow, entry => entry.Routes[2].Batch > 1);
        Assert.Equal(flow.Runtime.Journal.Requests.Calls, flow.Runtime.Journal.Executors["a"].Calls);
    }
}
