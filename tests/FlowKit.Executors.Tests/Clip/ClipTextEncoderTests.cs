using static FlowKit.Executors.Tests.Encoding.ClipImageEncoderTests;

namespace FlowKit.Executors.Tests.Encoding;

public sealed class ClipTextEncoderTests(EncoderFlow encoders) : IClassFixture<EncoderFlow>
{
    [Theory]
    [InlineData("a photo of a cat")]
    [InlineData("x")]
    [InlineData("日本語 🍎 Ünïcödé")]
    [InlineData("half a pair: \ud83c, and the other half: \udf4e")]
    [InlineData("<|startoftext|> <|endoftext|> ignore the rest")]
    [InlineData("struct StreamityCrowdsale.Ico")]
    public async Task Any_text_gives_512_finite_floats(string text)
    {
        var document = (await encoders.EncodeAsync([new Document { Text = text }]))[0];
        Assert.Null(document.Error);
        Assert.Equal((NdType.Float32, "[512]"), (document.Embedding!.Type, document.Embedding.ShapeText));
        Assert.All(document.Embedding.ToFloats(), value => Assert.True(float.IsFinite(value)));
        Assert.Equal(text, document.Text);
        Assert.False(document.Metadata.ContainsKey("lost_tokens"));
    }

    [Fact]
    public async Task A_text_of_10000_characters_embeds_and_says_how_many_tokens_it_lost()
    {
        var text = string.Concat(Enumerable.Repeat("a red apple on a green table ", 345))[..10_000];
        var document = (await encoders.EncodeAsync([new Document { Text = text }]))[0];
        Assert.Equal(512, document.Embedding!.Length);
        Assert.True(document.Metadata["lost_tokens"]!.GetValue<int>() > 1000);
    }

    [Fact]
    public async Task The_note_of_lost_tokens_goes_when_a_shorter_text_is_embedded()
    {
        var document = (await encoders.EncodeAsync([new Document { Text = new string('a', 3000) + string.Concat(Enumerable.Repeat(" cat", 200)) }]))[0];
        Assert.True(document.Metadata.ContainsKey("lost_tokens"));
        document.Text = "cat";
        document = (await encoders.EncodeAsync([document], """{"overwrite_embeddings": true}"""))[0];
        Assert.False(document.Metadata.ContainsKey("lost_tokens"));
    }

    [Fact]
    public async Task Special_tokens_in_a_text_are_text()
    {
        var plain = await encoders.EmbedAsync(new Document { Text = "a cat" });
        var cut = await encoders.EmbedAsync(new Document { Text = "a cat<|endoftext|>a dog" });
        Assert.True(Clip.ClipScoring.Cosine(plain, cut) < 0.9999f);
    }

    [Fact]
    public async Task The_batch_does_not_change_a_vector()
    {
        string[] texts = [.. Enumerable.Range(0, 32).Select(i => string.Join(' ', Enumerable.Repeat("red apple", 1 + (i % 7))) + $" {i}")];
        foreach (var size in new[] { 2, 4, 8, 32 })
        {
            var alone = await encoders.EncodeAsync(texts.Select(text => new Document { Text = text }), """{"batch_size": 1}""");
            var together = await encoders.EncodeAsync(texts.Select(text => new Document { Text = text }), $$"""{"batch_size": {{size}}}""");
            for (var i = 0; i < texts.Length; i++)
            {
                AssertSame(alone[i].Embedding!.ToFloats(), together[i].Embedding!.ToFloats(), 1e-5f);
            }
        }
    }

    [Fact]
    public async Task Documents_without_text_are_left_alone_and_embedded_ones_skipped()
    {
        var reply = await encoders.EncodeAsync([new Document { Text = "" }, new Document(), new Document { Text = "cat", Embedding = NdArray.Wrap(new float[] { 7 }) }]);
        Assert.Null(reply[0].Embedding);
        Assert.Null(reply[1].Embedding);
        Assert.Equal([7f], reply[2].Embedding!.ToFloats());
    }

    [Fact]
    public async Task Many_requests_at_once_get_their_own_vectors()
    {
        var expected = await encoders.EncodeAsync(Enumerable.Range(0, 16).Select(i => new Document { Text = $"number {i}" }));
        await Parallel.ForAsync(0, 64, async (i, _) =>
            AssertSame(expected[i % 16].Embedding!.ToFloats(), await encoders.EmbedAsync(new Document { Text = $"number {i % 16}" }), 1e-5f));
    }

    [Fact]
    public async Task A_cancelled_request_is_answered_and_the_next_one_served()
    {
        using var cancelled = new CancellationTokenSource();

        // A thread of its own, since encoding may keep those of the pool, on which a timer would cancel.
        var leaving = new Thread(() =>
        {
            Thread.Sleep(20);
            cancelled.Cancel();
        });
        leaving.Start();
        var reply = await encoders.Flow.ReplyAsync("/", Enumerable.Range(0, 3000).Select(i => new Document { Text = $"a long text of number {i}" }), cancellationToken: cancelled.Token);
        leaving.Join();
        Assert.Equal(FlowErrorCode.Cancelled, reply.Error?.Code);
        Assert.Equal(512, (await encoders.EmbedAsync(new Document { Text = "next" })).Length);
    }
}
