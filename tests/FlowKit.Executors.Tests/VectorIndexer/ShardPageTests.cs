using static FlowKit.Executors.Tests.Indexing.IndexUnderTest;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary>Pages above shards: one list without a repeat or a gap, also while others write.</summary>
public sealed class ShardPageTests
{
    private const string Sharded =
        "- { name: indexer, uses: VectorIndexer, shards: 3, polling: { /index: hash, /delete: hash, /search: all, /get: all } }";

    [Fact]
    public async Task Pages_of_a_search_make_one_list_while_others_write()
    {
        await using var flow = await TestFlow.StartAsync(Sharded);
        await flow.SendAsync("/index", Enumerable.Range(0, 1000).Select(i => Doc($"d{i:0000}", 1, i / 3)));
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(async () =>
        {
            // The same documents again, and others that come and go behind all of them.
            for (var round = 0; !stop.IsCancellationRequested; round++)
            {
                await flow.SendAsync("/index", [.. Enumerable.Range(round % 900, 10).Select(i => Doc($"d{i:0000}", 1, i / 3)), Doc($"far{round}", -1, 0)]);
                await flow.SendAsync("/delete", [new Document($"far{round}")]);
            }
        });
        var paged = new List<string>();
        for (var offset = 0; offset <= 980; offset += 20)
        {
            var page = (await flow.SendAsync("/search", [Doc("q", 1, 0)], $$"""{"limit": 20, "offset": {{offset}}}"""))[0];
            Assert.False(page.HasMetadata && page.Metadata.Count > 0);
            paged.AddRange(page.Matches.Select(match => match.Id));
        }

        await stop.CancelAsync();
        await writer;
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"d{i:0000}"), paged);
    }

    [Fact]
    public async Task A_page_behind_the_last_is_empty_and_one_shard_alone_answers_pages_of_its_own()
    {
        await using var flow = await TestFlow.StartAsync(
            "- { name: indexer, uses: VectorIndexer, shards: 2, polling: { /index: hash, /search: any } }");
        await flow.SendAsync("/index", Enumerable.Range(0, 40).Select(i => Doc($"d{i:0000}", 1, i)));
        var seen = new List<string>();
        foreach (var offset in (int[])[0, 0, 5, 5, 10, 10, 15, 15, 20, 20, 25, 25, 30, 30, 35, 35])
        {
            var page = (await flow.SendAsync("/search", [Doc("q", 1, 0)], $$"""{"limit": 5, "offset": {{offset}}}"""))[0];
            Assert.False(page.HasMetadata && page.Metadata.Count > 0);
            seen.AddRange(page.Matches.Select(match => match.Id));
        }

        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"d{i:0000}"), seen.Order(StringComparer.Ordinal));
        await using var all = await TestFlow.StartAsync(Sharded);
        await all.SendAsync("/index", Enumerable.Range(0, 7).Select(i => Doc($"d{i:0000}", 1, i)));
        Assert.Empty((await all.SendAsync("/search", [Doc("q", 1, 0)], """{"limit": 5, "offset": 7}"""))[0].Matches);
        Assert.Equal(["d0005", "d0006"], (await all.SendAsync("/search", [Doc("q", 1, 0)], """{"limit": 5, "offset": 5}"""))[0].Matches.Select(match => match.Id));
    }

    [Fact]
    public async Task All_documents_are_got_page_by_page_one_shard_after_another_while_others_write()
    {
        await using var flow = await TestFlow.StartAsync(Sharded);
        await flow.SendAsync("/index", Enumerable.Range(0, 205).Select(i => Doc($"d{i:0000}", 1, i)));
        var (seen, cursor, pages) = (new List<string>(), (string?)null, 0);
        do
        {
            var parameters = new System.Text.Json.Nodes.JsonObject { ["limit"] = 20, ["cursor"] = cursor };
            var reply = await flow.ReplyAsync("/get", [], parameters.ToJsonString());
            seen.AddRange(reply.Documents.Select(document => document.Id));
            var (pod, result) = Assert.Single(reply.Results!);
            Assert.StartsWith("indexer/shard-", pod, StringComparison.Ordinal);
            cursor = (string?)result!["cursor"];
            await flow.SendAsync("/index", [Doc($"new{pages++}", 1, 0), Doc("d0003", 1, 3)]);
        }
        while (cursor is not null);

        Assert.InRange(pages, 11, 16);
        Assert.Equal(Enumerable.Range(0, 205).Select(i => $"d{i:0000}"), seen.Where(id => id[0] == 'd').Order(StringComparer.Ordinal));
        Assert.Equal(seen.Count, seen.Distinct().Count());
        foreach (var wrong in (string[])["7:", "x:1", "3", ""])
        {
            var error = (await flow.ReplyAsync("/get", [], $$"""{"cursor": "{{wrong}}"}""")).Error!;
            Assert.StartsWith("parameters.cursor: '", error.Message, StringComparison.Ordinal);
        }
    }
}
