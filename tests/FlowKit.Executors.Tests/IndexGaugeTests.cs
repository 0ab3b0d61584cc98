using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FlowKit.Executors.Tests.Indexing;
using FlowKit.Executors.Tests.Postgres;

namespace FlowKit.Executors.Tests;

/// <summary><c>flowkit.index.documents</c>: how much is in the indexes that are open.</summary>
public sealed class IndexGaugeTests : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Executor, int Shard, long Value)> _told = new();

    public IndexGaugeTests()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "FlowKit", Name: "flowkit.index.documents" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) => _told.Enqueue(((string)tags[0].Value!, (int)tags[1].Value!, value)));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Replicas_of_an_index_are_told_of_once_and_an_index_that_is_closed_no_more()
    {
        await using (var flow = await TestFlow.StartAsync("- { name: gauged, uses: VectorIndexer, replicas: 2 }"))
        {
            Assert.Equal([("gauged", 0, 0L)], Told("gauged"));
            await flow.SendAsync("/index", Enumerable.Range(0, 7).Select(i => IndexUnderTest.Doc($"d{i}", 1, i)));
            Assert.Equal([("gauged", 0, 7L)], Told("gauged"));
            await flow.ReplyAsync("/delete", [new Document("d1")]);
            Assert.Equal([("gauged", 0, 6L)], Told("gauged"));
        }

        Assert.Empty(Told("gauged"));
    }

    [Fact]
    public async Task Each_shard_is_told_of()
    {
        await using var flow = await TestFlow.StartAsync("- { name: cut, uses: VectorIndexer, shards: 2, polling: { /index: any } }");
        await flow.SendAsync("/index", Enumerable.Range(0, 9).Select(i => IndexUnderTest.Doc($"d{i}", 1, i)));

        var told = Told("cut");

        Assert.Equal([0, 1], told.Select(each => each.Shard).Order());
        Assert.Equal(9, told.Sum(each => each.Value));
    }

    [PostgresFact]
    public async Task A_database_is_asked_behind_the_scrape()
    {
        var options = PostgresServer.Options("gauge");
        await using var flow = await TestFlow.StartAsync(
            $$"""- { name: far_index, uses: PgVectorIndexer, uses_with: { connection_string: "{{options.ConnectionString}}", table: {{options.Table}} } }""");
        await flow.SendAsync("/index", Enumerable.Range(0, 5).Select(i => IndexUnderTest.Doc($"d{i}", 1, i)));

        for (var i = 0; i < 100 && Told("far_index").Count == 0; i++)
        {
            await Task.Delay(50);
        }

        Assert.Equal([("far_index", 0, 5L)], Told("far_index"));
    }

    private List<(string Executor, int Shard, long Value)> Told(string executor)
    {
        _told.Clear();
        _listener.RecordObservableInstruments();
        return [.. _told.Where(told => told.Executor == executor)];
    }
}
