using FlowKit.Clip.Inference.Pixels;
using FlowKit.Imaging;

namespace FlowKit.Clip.Tests;

public sealed class BoundMemoryTests
{
    /// <summary>A helper is queued in the thread pool, whose queue grows at times.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 100)]
    public void A_run_allocates_nothing(int concurrency, int mostBytes)
    {
        const int Runs = 400;
        using var model = ClipModel.Open("tiny-clip");
        using var tower = new ImageTower(model.Folder, new ClipModelOptions { InferenceThreads = 1, Concurrency = concurrency });
        var buffers = tower.Rent(2);
        buffers.Input<float>(0).Clear();
        buffers.Run(0, 2, 0, CancellationToken.None);

        // What is made once, such as code that runs hot, is made in one of the rounds; what each run makes is in all of them.
        var least = Enumerable.Range(0, 3).Min(_ => AllocatedBy(() =>
        {
            for (var i = 0; i < Runs; i++)
            {
                buffers.Run(0, 2, 0, CancellationToken.None);
            }
        }));

        Assert.InRange(least / Runs, 0, mostBytes);
        tower.Return(buffers);
    }

    private static long AllocatedBy(Action run)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        run();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    [Fact]
    public void Batches_of_every_size_share_one_memory()
    {
        using var model = ClipModel.Open("tiny-clip");
        using var tower = new ImageTower(model.Folder, new ClipModelOptions());
        var first = tower.Rent(7);
        Assert.Equal(8, first.Capacity);
        tower.Return(first);
        for (var count = 1; count <= 8; count++)
        {
            var again = tower.Rent(count);
            Assert.Same(first, again);
            tower.Return(again);
        }

        var larger = tower.Rent(9);
        Assert.NotSame(first, larger);
        tower.Return(larger);
    }

    [Fact]
    public void Pictures_written_by_many_threads_are_where_they_belong()
    {
        using var model = ClipModel.Open("tiny-clip");
        var images = Enumerable.Range(0, 16).Select(static i => RgbImage.Filled(40 + i, 30, (byte)(i * 15), 100, (byte)(255 - (i * 15)))).ToArray();
        using var batch = model.RentPixels(images.Length);
        Parallel.For(0, images.Length, i => batch.Write(i, images[i]));
        var together = model.EncodePixels(batch, images.Length);
        for (var i = 0; i < images.Length; i++)
        {
            Assert.InRange(ClipScoring.Cosine(model.EncodeImages([images[i]])[0], together[i]), 0.99999f, 1.0001f);
        }
    }

    [Fact]
    public void Two_replicas_agree_exactly()
    {
        using var first = ClipModelCache.Acquire("tiny-clip");
        using var second = ClipModelCache.Acquire("tiny-clip");
        using var apart = ClipModel.Open("tiny-clip");
        string[] texts = ["red", "a photo of a cat", "snowy streets"];
        Assert.Same(first.Model, second.Model);
        Assert.Equal(first.Model.EncodeTexts(texts), second.Model.EncodeTexts(texts));
        Assert.Equal(first.Model.EncodeTexts(texts), apart.EncodeTexts(texts));
        Assert.Equal(first.Model.EncodeImages([RgbImage.Filled(50, 60, 1, 2, 3)]), apart.EncodeImages([RgbImage.Filled(50, 60, 1, 2, 3)]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(32)]
    public void A_text_alone_and_among_others_has_one_embedding(int count)
    {
        using var model = ClipModel.Open("tiny-clip");
        var alone = model.EncodeTexts(["a photo of a cat"])[0];
        var among = model.EncodeTexts([.. Enumerable.Range(0, count).Select(i => i == count / 2 ? "a photo of a cat" : $"something else {i}")])[count / 2];
        Assert.True(1 - ClipScoring.Cosine(alone, among) < 1e-5f);
    }

    [Fact]
    public void A_failed_picture_gives_its_memory_back()
    {
        using var model = ClipModel.Open("tiny-clip", new ClipModelOptions { MaxBatch = 2 });
        ReadOnlyMemory<byte>[] files = [new byte[] { 1 }, new byte[] { 2 }, new byte[] { 3 }, new byte[] { 4 }, new byte[] { 5 }];
        for (var i = 0; i < 20; i++)
        {
            Assert.Throws<FlowKitException>(() => model.EncodeImages(files));
        }

        Assert.Single(model.EncodeImages([RgbImage.Filled(8, 8, 1, 2, 3)]));
    }

    [Fact]
    public async Task More_work_than_the_threads_can_hold_is_done_all_the_same()
    {
        using var model = ClipModel.Open("tiny-clip", new ClipModelOptions { Load = ClipTowers.None, PreprocessingThreads = 2 });
        var done = 0;
        await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => model.ForEachPicture(4, _ => Interlocked.Increment(ref done))));
        Assert.Equal(2000, done);
        await Assert.ThrowsAsync<InvalidOperationException>(() => model.ForEachPicture(4, static i => throw new InvalidOperationException("one of them")));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => model.ForEachPicture(4, static _ => { }, new CancellationToken(canceled: true)));
    }
}
