using FlowKit.Executors.Sql;
using FlowKit.VectorStores;
using Npgsql;

namespace FlowKit.Executors.Tests.Postgres;

/// <summary>Words in PostgreSQL: those of the embedded store, of which fields, and in tables of earlier versions.</summary>
public sealed class PgWordTests
{
    private static readonly string[] s_texts =
    [
        "a red apple", "Red-hot, RED! http://example.com/red?x=1&y=apple", "Äpfel und Birnen", "-5 degrees, 1e5 and 3.14", "foo_bar foo", "e-mail me@example.com",
        "Привет МИР", "日本語 テキスト", "naïve café résumé", "x' || 'y \\ \"z\"", "the THE the", "ﬁne ½ Ⅷ", "🍎 emoji", "don't stop", "", "1987-03-01T10:00:00Z",
    ];

    [PostgresFact]
    public async Task A_word_is_the_same_as_in_the_embedded_store()
    {
        using var folder = new TestFolder();
        await using var embedded = SqliteVectorStore.Acquire(folder.Path, new StoreOptions(TextFields: "text"));
        await using var store = await OpenAsync(PostgresServer.Options("words"));
        List<Document> documents = [.. s_texts.Select((text, i) => Doc($"t{i:00}", text))];
        await embedded.UpsertAsync(documents, default);
        await store.UpsertAsync(documents, default);
        string[] queries =
        [
            .. s_texts, "red", "APPLE", "apfel", "birne", "5", "-5", "14", "bar", "example", "com", "мир", "日本語", "cafe", "CAFÉ", "y", "don", "don't", "t", "fine", "½", "1e5", "e5", "2026", "03", "&|!()<->:*'",
        ];
        foreach (var query in queries)
        {
            Assert.Equal((query, string.Join(' ', await FindAsync(embedded, query))), (query, string.Join(' ', await FindAsync(store, query))));
        }
    }

    [PostgresFact]
    public async Task Chosen_fields_are_searched_others_are_refused_and_read_anew_when_that_is_asked_for()
    {
        var options = PostgresServer.Options("fields");
        options.TextFields = ["tags__title"];
        await using (var store = await OpenAsync(options))
        {
            var document = Doc("a", "one");
            document.Tags["title"] = "Café table";
            await store.UpsertAsync([document, Doc("b", "two")], default);
            Assert.Equal(["a"], await FindAsync(store, "cafe"));
            Assert.Empty(await FindAsync(store, "two"));
        }

        options.TextFields = ["text"];
        var error = await Assert.ThrowsAsync<FlowKitException>(() => OpenAsync(options));
        Assert.Equal($"text_fields: the table public.{options.Table} has the words of [tags__title], not of [text]; write that, or another table.", error.Message);
        await ExecuteAsync($"UPDATE {options.Table}_meta SET text_fields = NULL");
        await using (var store = await OpenAsync(options))
        {
            Assert.Equal(["b"], await FindAsync(store, "two"));
            Assert.Empty(await FindAsync(store, "cafe"));
        }

        options.TextFields = [];
        await ExecuteAsync($"UPDATE {options.Table}_meta SET text_fields = NULL");
        await using var none = await OpenAsync(options);
        Assert.Null(none.Capabilities.WordScore);
        Assert.Contains("text_fields is empty", (await Assert.ThrowsAsync<FlowKitException>(() => FindAsync(none, "two"))).Message, StringComparison.Ordinal);
        await none.UpsertAsync([Doc("c", "three")], default);
        Assert.Equal(3, await none.CountAsync(null, default));
        options.TextFields = ["embedding"];
        Assert.StartsWith("text_fields[0]: 'embedding' has no words", (await Assert.ThrowsAsync<FlowKitException>(() => OpenAsync(options))).Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_table_of_an_earlier_version_gets_its_words_when_it_is_opened()
    {
        var options = PostgresServer.Options("old");
        await using (var store = await OpenAsync(options))
        {
            await store.UpsertAsync([.. Enumerable.Range(0, 1203).Select(i => Doc($"d{i}", i % 400 == 7 ? $"seven {i}" : "other"))], default);
        }

        await ExecuteAsync($"ALTER TABLE {options.Table} DROP COLUMN words; ALTER TABLE {options.Table}_meta DROP COLUMN text_fields");
        IVectorStore[] both = await Task.WhenAll(OpenAsync(options), OpenAsync(options));
        foreach (var store in both)
        {
            Assert.Equal(["d407", "d7", "d807"], await FindAsync(store, "seven"));
            await store.DisposeAsync();
        }
    }

    [PostgresFact]
    public async Task Texts_of_any_length_are_written_and_found_by_their_first_words()
    {
        await using var store = await OpenAsync(PostgresServer.Options("long"));
        var many = Doc("many", string.Join(' ', Enumerable.Range(0, 300_000).Select(i => $"word{i}")));
        var same = Doc("same", string.Join(' ', Enumerable.Repeat("again", 100_000)));
        var large = Doc("large", $"{new string('x', 1_000_000)} end");
        await store.UpsertAsync([many, same, large], default);
        Assert.Equal(["many"], await FindAsync(store, "word7"));
        Assert.Equal(["same"], await FindAsync(store, "again"));
        Assert.Equal(["large"], await FindAsync(store, "end"));
    }

    [PostgresFact]
    public async Task Both_lists_become_one_as_those_of_the_embedded_store_do()
    {
        var options = PostgresServer.Options("fusion");
        await using var flow = await TestFlow.StartAsync(
            $"- {{ name: indexer, uses: PgVectorIndexer, uses_with: {{ connection_string: '{options.ConnectionString}', table: {options.Table} }} }}");
        await flow.SendAsync("/index", Enumerable.Range(0, 90).Select(i => Doc($"d{i:00}", string.Join(' ', Enumerable.Repeat("red", 1 + (i % 4)).Append(i % 3 == 0 ? "apple" : "car")), i)));
        foreach (var (fusion, alpha) in new[] { ("rrf", 0.5), ("rrf", 0.2), ("relative_score", 0.4) })
        {
            var vectors = (await flow.SendAsync("/search", [Doc("q", "red apple", 30)], """{"limit": 50}"""))[0].Matches;
            var words = (await flow.SendAsync("/search", [Doc("q", "red apple", 30)], """{"limit": 50, "alpha": 0}"""))[0].Matches;
            var expected = Indexing.WordFlowTests.Fuse(
                [.. vectors.Select(match => (match.Id, (double)match.Scores["cosine"].Value))],
                [.. words.Select(match => (match.Id, (double)match.Scores["ts_rank"].Value))],
                fusion == "rrf",
                alpha,
                60);
            var parameters = FormattableString.Invariant($$"""{"limit": 40, "rank_window_size": 50, "fusion": "{{fusion}}", "alpha": {{alpha}}}""");
            var found = (await flow.SendAsync("/search", [Doc("q", "red apple", 30)], parameters))[0].Matches;
            Assert.Equal(50, words.Count);
            Assert.Equal(expected.Take(40).Select(pair => pair.Id), found.Select(match => match.Id));
            Assert.All(found.Zip(expected), pair => Assert.Equal(pair.Second.Score, pair.First.Scores[fusion].Value, 1e-5));
        }
    }

    private static Document Doc(string id, string text, int number = 1) => new(id) { Text = text, Embedding = NdArray.Wrap([1f, number]) };

    private static async Task<IVectorStore> OpenAsync(PgVectorIndexerOptions options) =>
        await PgVectorStore.OpenAsync(PgDatabase.Open(options.ConnectionString!, options, TimeProvider.System), options, CancellationToken.None);

    private static async Task<IEnumerable<string>> FindAsync(IVectorStore store, string text) =>
        (await store.SearchWordsAsync([new Document("q") { Text = text }], new VectorSearch { Limit = 100 }, default))[0].Select(match => match.Id).Order(StringComparer.Ordinal);

    private static async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(PostgresServer.Connection);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
