using FlowKit.Imaging.Tests;
using static FlowKit.Executors.Tests.Encoding.ClipImageEncoderTests;

namespace FlowKit.Executors.Tests.Encoding;

public sealed class EncoderOptionTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_comes_again_comes_from_the_cache_with_the_same_embedding()
    {
        await using var flow = await TestFlow.StartAsync("""
            - { uses: ClipImageEncoder, uses_with: { cache_bytes: 1000000 } }
            - { uses: ClipTextEncoder, uses_with: { cache_bytes: 1000000 } }
            """);
        var (dog, noise) = (Picture.Named("dog"), new byte[] { 1, 2, 3 });
        var first = await flow.SendAsync("/", [new Document { Blob = dog }, new Document { Text = "a red apple" }]);
        var again = await flow.SendAsync("/", [new Document("bad") { Blob = noise }, new Document { Blob = Picture.Named("airplane") }, new Document { Blob = dog }, new Document { Text = "a red apple" }]);
        Assert.Equal(first[0].Embedding!.ToFloats(), again[2].Embedding!.ToFloats());
        Assert.Equal(first[1].Embedding!.ToFloats(), again[3].Embedding!.ToFloats());
        Assert.NotNull(again[0].Error);
        Assert.NotEqual(again[1].Embedding!.ToFloats(), again[2].Embedding!.ToFloats());
        Assert.Equal(again[1].Metadata["embedding_model"]!.ToString(), again[2].Metadata["embedding_model"]!.ToString());
    }

    [Fact]
    public async Task A_request_of_many_batches_keeps_its_order_and_fails_only_what_is_bad()
    {
        await using var flow = await TestFlow.StartAsync("- { uses: ClipImageEncoder, uses_with: { batch_size: 3 } }");
        var documents = Enumerable.Range(0, 20).Select(static i => i % 7 == 5 ? new Document($"{i}") { Blob = new byte[] { 1 } } : new Document($"{i}") { Tensor = Picture.Noise(20 + i, 30, i) }).ToList();
        var together = await flow.SendAsync("/", documents);
        for (var i = 0; i < documents.Count; i++)
        {
            if (i % 7 == 5)
            {
                Assert.NotNull(together[i].Error);
                continue;
            }

            var alone = await flow.SendAsync("/", [new Document { Tensor = Picture.Noise(20 + i, 30, i) }]);
            AssertSame(alone[0].Embedding!.ToFloats(), together[i].Embedding!.ToFloats(), 1e-5f);
        }
    }

    [Fact]
    public async Task An_exif_orientation_of_encoded_bytes_is_applied_when_asked_for()
    {
        var turned = PillowFile.Turned.Single(static file => file.Name == "orientation 6");
        await using var plain = await TestFlow.StartAsync("- { uses: ClipImageEncoder }");
        await using var upright = await TestFlow.StartAsync("- { uses: ClipImageEncoder, uses_with: { exif: apply } }");
        var ignored = (await plain.SendAsync("/", [new Document { Blob = turned.File }]))[0].Embedding!.ToFloats();
        var applied = (await upright.SendAsync("/", [new Document { Blob = turned.File }]))[0].Embedding!.ToFloats();
        var pixels = (await plain.SendAsync("/", [new Document { Tensor = NdArray.Wrap(turned.Rgb, turned.Height, turned.Width, 3) }]))[0].Embedding!.ToFloats();
        AssertSame(pixels, applied, 1e-5f);
        Assert.True(Clip.ClipScoring.Cosine(ignored, applied) < 0.9999f);
    }

    [Fact]
    public async Task A_text_that_is_cut_says_which_words_were_lost()
    {
        await using var flow = await TestFlow.StartAsync("- { uses: ClipTextEncoder }");
        var document = (await flow.SendAsync("/", [new Document { Text = string.Concat(Enumerable.Repeat("cat ", 100)) + "and the very last dog" }]))[0];
        Assert.EndsWith("and the very last dog", document.Metadata["lost_text"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_very_long_text_is_counted_to_its_end_and_not_repeated()
    {
        await using var flow = await TestFlow.StartAsync("- { uses: ClipTextEncoder }");
        var document = (await flow.SendAsync("/", [new Document { Text = string.Concat(Enumerable.Repeat("cat ", 500_000)) }]))[0];
        var lost = document.Metadata["lost_text"]!.GetValue<string>();
        Assert.Equal(500_000 - 75, document.Metadata["lost_tokens"]!.GetValue<int>());
        Assert.StartsWith("cat cat", lost, StringComparison.Ordinal);
        Assert.EndsWith("cat … (1999699 characters)", lost, StringComparison.Ordinal);
        Assert.InRange(lost.Length, 150, 250);
    }

    [Fact]
    public async Task Optimised_graphs_are_kept_where_the_flow_says()
    {
        for (var start = 0; start < 2; start++)
        {
            await using var flow = await TestFlow.StartAsync("- { uses: ClipTextEncoder, uses_with: { optimized_cache: graphs, warm_up: [1, 4], tuning: latency, threads: 1 } }", _folder.Path);
            Assert.Equal(512, (await flow.SendAsync("/", [new Document { Text = "x" }]))[0].Embedding!.Length);
        }

        Assert.Single(Directory.GetDirectories(_folder.At("graphs")));
    }

    [Theory]
    [InlineData("variant: int9", "int9")]
    [InlineData("provider: rocm", "cuda or tensorrt")]
    [InlineData("tuning: fast", "tuning")]
    [InlineData("cache_bytes: -1", "cache_bytes")]
    public async Task A_wrong_option_stops_the_start_and_is_named(string option, string named)
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => TestFlow.StartAsync($"- {{ uses: ClipTextEncoder, uses_with: {{ {option} }} }}"));
        Assert.Contains(named, error.ToString(), StringComparison.OrdinalIgnoreCase);
    }
}
