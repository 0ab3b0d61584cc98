using static FlowKit.Executors.Tests.Indexing.IndexUnderTest;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary>Each field of a document, as it is kept, given back alone, and changed alone.</summary>
public sealed class FieldFlowTests : IAsyncLifetime
{
    private TestFlow _flow = null!;

    public async Task InitializeAsync()
    {
        _flow = await TestFlow.StartAsync("- { name: indexer, uses: VectorIndexer, uses_with: {store_content: true, match_args: {limit: 3, traversal_right: '@r'}} }");
        await _flow.SendAsync("/index", [Whole("d", "first"), Blob("b", "first")]);
    }

    public Task DisposeAsync() => _flow.DisposeAsync().AsTask();

    [Theory]
    [InlineData("text")]
    [InlineData("blob")]
    [InlineData("uri")]
    [InlineData("mime_type")]
    [InlineData("modality")]
    [InlineData("weight")]
    [InlineData("offset")]
    [InlineData("location")]
    [InlineData("parent_id")]
    [InlineData("granularity")]
    [InlineData("tags")]
    [InlineData("tags__city")]
    [InlineData("_metadata")]
    [InlineData("chunks")]
    [InlineData("embedding")]
    public async Task One_field_comes_back_alone(string field)
    {
        var got = (await _flow.SendAsync("/get", [new Document(field == "blob" ? "b" : "d")], $$"""{"return": ["{{field}}"]}""")).Single();

        var has = new Dictionary<string, bool>(StringComparer.Ordinal)
        {
            ["text"] = got.Text is not null,
            ["blob"] = got.Blob is not null,
            ["uri"] = got.Uri is not null,
            ["mime_type"] = got.MimeType is not null,
            ["modality"] = got.Modality is not null,
            ["weight"] = got.Weight is not null,
            ["offset"] = got.Offset is not null,
            ["location"] = got.Location is not null,
            ["parent_id"] = got.ParentId is not null,
            ["granularity"] = got.Granularity == 2,
            ["tags"] = got.HasTags && got.Tags.ContainsKey("city"),
            ["_metadata"] = got.HasMetadata && got.Metadata.ContainsKey("source"),
            ["chunks"] = got.HasChunks && got.Chunks.Count > 0,
            ["embedding"] = got.Embedding is not null,
        };
        Assert.Equal(field.Split("__")[0], Assert.Single(has, pair => pair.Value).Key);
    }

    [Fact]
    public async Task Fields_that_are_sent_are_changed_and_the_others_stay()
    {
        var changed = Whole("d", "second");
        changed.Embedding = null;
        changed.Tags.Clear();
        (changed.Tags["year"], changed.Tags["city"]) = (2026, null);
        await _flow.SendAsync("/update", [changed]);
        await _flow.SendAsync("/update", [new Document("d") { Weight = 9 }]);

        var got = (await _flow.SendAsync("/get", [new Document("d")], """{"return_embeddings": true}""")).Single();

        Assert.Equal(("second text", "file:second", "second/type", "second mode", 9f), (got.Text, got.Uri, got.MimeType, got.Modality, got.Weight));
        Assert.False(got.Tags.ContainsKey("city"));
        Assert.Equal(2026, (int)got.Tags["year"]!);
        Assert.Equal(2, got.Embedding!.Length);
        Assert.Equal("second part", got.Chunks.Single().Text);

        await _flow.SendAsync("/update", [Blob("b", "second")]);
        var blob = (await _flow.SendAsync("/get", [new Document("b")])).Single();
        Assert.Equal("second"u8.ToArray(), blob.Blob!.Value.ToArray());
    }

    [Fact]
    public async Task The_limit_of_Jinas_arguments_counts_where_a_request_has_none()
    {
        await _flow.SendAsync("/index", Enumerable.Range(0, 10).Select(i => Doc($"e{i}", 1, i)));

        Assert.Equal(3, (await _flow.SendAsync("/search", [Doc("q", 1, 0)]))[0].Matches.Count);
        Assert.Equal(5, (await _flow.SendAsync("/search", [Doc("q", 1, 0)], """{"limit": 5}"""))[0].Matches.Count);
    }

    [Theory]
    [InlineData("{limit: 0}", "limit: expected a whole number from 1 to 10000")]
    [InlineData("{limit: many}", "limit: expected a whole number from 1 to 10000")]
    [InlineData("{traversal_right: '@c'}", "traversal_right: documents themselves are indexed")]
    [InlineData("{traversal_left: ['@r', '@c']}", "traversal_left: documents themselves are indexed")]
    [InlineData("{metric: cosine}", "metric: has no meaning here; known is limit")]
    [InlineData("[1]", "expected a mapping such as {limit: 10}")]
    public async Task Other_arguments_are_refused_by_name(string arguments, string expected)
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(
            () => TestFlow.StartAsync($"- {{ name: indexer, uses: VectorIndexer, uses_with: {{match_args: {arguments}}} }}"));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static Document Blob(string id, string word)
    {
        var document = Doc(id, 1, 2);
        document.Blob = System.Text.Encoding.UTF8.GetBytes(word);
        return document;
    }

    private static Document Whole(string id, string word)
    {
        var document = Doc(id, 1, 1);
        (document.Text, document.Uri, document.MimeType, document.Modality) = ($"{word} text", $"file:{word}", $"{word}/type", $"{word} mode");
        (document.Weight, document.Offset, document.Location) = (1, 2, [1, 2]);
        (document.ParentId, document.Granularity) = ($"{word} parent", 2);
        (document.Tags["city"], document.Metadata["source"]) = (word, word);
        document.Chunks.Add(new Document("part") { Text = $"{word} part" });
        return document;
    }
}
