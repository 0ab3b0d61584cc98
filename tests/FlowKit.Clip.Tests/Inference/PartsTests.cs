namespace FlowKit.Clip.Tests;

/// <summary>A batch that is cut into calls which run side by side.</summary>
public sealed class PartsTests : IDisposable
{
    private readonly ClipModel _whole = ClipModel.Open("tiny-clip", new ClipModelOptions { Concurrency = 1 });
    private readonly ClipModel _parts = ClipModel.Open("tiny-clip", new ClipModelOptions { InferenceThreads = 1, Concurrency = 3 });

    public void Dispose()
    {
        _whole.Dispose();
        _parts.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(32)]
    [InlineData(100)]
    public void Every_text_gets_its_own_embedding_in_order(int count)
    {
        var texts = Texts(count, 0);

        AssertSame(_whole.EncodeTexts(texts), _parts.EncodeTexts(texts));
    }

    [Fact]
    public void Many_callers_at_once_get_their_own()
    {
        var expected = Enumerable.Range(0, 8).Select(caller => _whole.EncodeTexts(Texts(7, caller))).ToArray();

        Parallel.ForEach(Enumerable.Range(0, 8), new ParallelOptions { MaxDegreeOfParallelism = 8 }, caller =>
        {
            for (var turn = 0; turn < 30; turn++)
            {
                AssertSame(expected[caller], _parts.EncodeTexts(Texts(7, caller)));
            }
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_part_that_fails_fails_the_batch_and_not_the_next(int bad)
    {
        var tokens = Texts(3, 0).Select(text => _parts.Tokenizer.Encode(text)).ToArray();
        var ids = tokens[bad].Ids.ToArray();
        ids[1] = 1_000_000;
        var good = tokens[bad];
        tokens[bad] = good with { Ids = ids };

        for (var turn = 0; turn < 5; turn++)
        {
            Assert.Equal(FlowErrorCode.Internal, Assert.Throws<FlowKitException>(() => _parts.EncodeTokens(tokens)).Error.Code);
        }

        tokens[bad] = good;
        AssertSame(_whole.EncodeTexts(Texts(3, 0)), _parts.EncodeTokens(tokens));
    }

    [Fact]
    public void Who_gives_up_leaves_all_turns_to_the_next()
    {
        var texts = Texts(64, 0);
        for (var turn = 0; turn < 20; turn++)
        {
            using var giving = new CancellationTokenSource(TimeSpan.FromMilliseconds(turn));
            try
            {
                _parts.EncodeTexts(texts, giving.Token);
            }
            catch (OperationCanceledException)
            {
                // Before, in the middle, or not at all.
            }
        }

        AssertSame(_whole.EncodeTexts(texts), _parts.EncodeTexts(texts));
    }

    [Theory]
    [InlineData(0, 0, ClipTuning.Throughput, 16, 2)]
    [InlineData(0, 0, ClipTuning.Throughput, 1, 1)]
    [InlineData(0, 0, ClipTuning.Latency, 16, 1)]
    [InlineData(4, 0, ClipTuning.Throughput, 16, 4)]
    [InlineData(32, 0, ClipTuning.Throughput, 16, 1)]
    [InlineData(4, 3, ClipTuning.Latency, 16, 3)]
    public void As_many_calls_run_at_once_as_have_cores(int threads, int concurrency, ClipTuning tuning, int cores, int turns) =>
        Assert.Equal(turns, new ClipModelOptions { InferenceThreads = threads, Concurrency = concurrency, Tuning = tuning }.ConcurrentCalls(cores));

    /// <summary>All of one length, so that they are one batch.</summary>
    private static string[] Texts(int count, int caller) => [.. Enumerable.Range(0, count).Select(i => $"number {(i * 7) + caller} of {i}")];

    private static void AssertSame(float[][] expected, float[][] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.True(1 - ClipScoring.Cosine(pair.First, pair.Second) < 1e-5f));
    }
}
