using FlowKit.Configuration.Executors;

namespace FlowKit.Routing.Shards;

public sealed class ShardPollingTests
{
    [Fact]
    public void Any_takes_the_shards_in_turn_and_copies_nothing()
    {
        var polling = new ShardPolling(3);
        DocumentArray documents = [new Document("a")];

        var chosen = Enumerable.Range(0, 7).Select(_ => Assert.Single(polling.Choose(PollingMode.Any, documents))).ToList();

        Assert.Equal([0, 1, 2, 0, 1, 2, 0], chosen.Select(part => part.Shard));
        Assert.All(chosen, part => Assert.Same(documents, part.Documents));
    }

    [Fact]
    public void Many_threads_give_every_shard_the_same_number_of_turns()
    {
        var polling = new ShardPolling(4);
        var counts = new int[4];

        Parallel.For(0, 4000, _ => Interlocked.Increment(ref counts[polling.Next()]));

        Assert.All(counts, count => Assert.Equal(1000, count));
    }

    [Fact]
    public void All_gives_every_shard_documents_of_its_own()
    {
        DocumentArray documents = [new Document("a") { Text = "x" }];

        var parts = new ShardPolling(3).Choose(PollingMode.All, documents);

        Assert.Equal([0, 1, 2], parts.Select(part => part.Shard));
        Assert.Equal(3, parts.Select(part => part.Documents[0]).Distinct(ReferenceEqualityComparer.Instance).Count());
        Assert.All(parts, part => Assert.Equal(("a", "x"), (part.Documents[0].Id, part.Documents[0].Text)));
    }

    [Fact]
    public void Hash_gives_each_document_to_its_own_shard_in_the_order_they_came()
    {
        var documents = Of(Enumerable.Range(0, 100).Select(i => $"doc-{i}"));
        var ids = documents.Select(document => document.Id).ToList();

        var parts = new ShardPolling(4).Choose(PollingMode.Hash, documents);

        Assert.All(parts, part => Assert.All(part.Documents, document => Assert.Equal(part.Shard, ShardPolling.ShardOf(document.Id, 4))));
        Assert.All(parts, part => Assert.Equal(part.Documents.Select(document => document.Id).OrderBy(ids.IndexOf), part.Documents.Select(document => document.Id)));
        Assert.Equal(ids, RequestOrder.Restore(new DocumentArray(parts.SelectMany(part => part.Documents)), ids).Select(document => document.Id));
    }

    [Fact]
    public void Hash_leaves_out_shards_without_documents()
    {
        Assert.Single(new ShardPolling(8).Choose(PollingMode.Hash, Of(["one"])));
    }

    [Fact]
    public void Hash_asks_every_shard_when_there_is_no_document()
    {
        Assert.Equal([0, 1, 2], new ShardPolling(3).Choose(PollingMode.Hash, []).Select(part => part.Shard));
    }

    /// <summary>The published values of FNV-1a; a change would lose every document that is indexed by hash.</summary>
    [Theory]
    [InlineData("", 0xcbf29ce484222325)]
    [InlineData("a", 0xaf63dc4c8601ec8c)]
    [InlineData("foobar", 0x85944171f73967e8)]
    public void The_hash_is_FNV_1a(string text, ulong expected) => Assert.Equal(expected, StableHash.Fnv1a(text));

    [Theory]
    [InlineData("", 16, 6)]
    [InlineData("a", 16, 11)]
    [InlineData("doc-1", 16, 14)]
    [InlineData("grüße 猫 😀", 16, 2)]
    [InlineData("0123456789abcdef0123456789abcdef", 16, 3)]
    public void The_shard_of_an_id_never_changes(string id, int shards, int expected) => Assert.Equal(expected, ShardPolling.ShardOf(id, shards));

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Ids_of_any_pattern_spread_evenly(int shards)
    {
        foreach (var ids in new IEnumerable<string>[] { Enumerable.Range(0, 8000).Select(i => $"{i * 2}"), Enumerable.Range(0, 8000).Select(i => $"img_{i:D6}.png"), Enumerable.Range(0, 8000).Select(i => $"{i:x32}") })
        {
            Assert.All(ShardPolling.Split(Of(ids), shards), part => Assert.InRange(part.Count, 8000 * 0.85 / shards, 8000 * 1.15 / shards));
        }
    }

    [Fact]
    public void Restored_order_keeps_new_documents_behind_those_they_follow_and_pairs_equal_ids_by_place()
    {
        var first = new Document("b") { Text = "1" };
        var second = new Document("b") { Text = "2" };
        DocumentArray came = [first, second, new Document("extra"), new Document("a"), new Document("c")];

        var restored = RequestOrder.Restore(came, ["a", "b", "c", "b"]);

        Assert.Equal(["a", "b", "c", "b", "extra"], restored.Select(document => document.Id));
        Assert.Equal(["1", "2"], restored.Where(document => document.Id == "b").Select(document => document.Text));
    }

    [Fact]
    public void Restored_order_does_not_need_every_document()
    {
        Assert.Equal(["a", "c"], RequestOrder.Restore(Of(["c", "a"]), ["a", "b", "c"]).Select(document => document.Id));
    }

    private static DocumentArray Of(IEnumerable<string> ids) => new(ids.Select(id => new Document(id)));
}
