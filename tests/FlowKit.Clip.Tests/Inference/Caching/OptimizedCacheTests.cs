namespace FlowKit.Clip.Tests;

public sealed class OptimizedCacheTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flowkit-optimized");

    [Fact]
    public void The_second_start_takes_the_optimised_graphs_and_answers_the_same()
    {
        using var first = Open();
        Assert.False(first.FromOptimizedCache);
        Assert.Equal(2, _folder.GetFiles("*.onnx", SearchOption.AllDirectories).Length);
        using var second = Open();
        Assert.True(second.FromOptimizedCache);
        Assert.Equal(first.EncodeTexts(["red"]), second.EncodeTexts(["red"]));
        Assert.Empty(_folder.GetDirectories("*.part"));
    }

    [Fact]
    public void A_damaged_copy_is_made_again()
    {
        Open().Dispose();
        foreach (var file in _folder.GetFiles("*.onnx", SearchOption.AllDirectories))
        {
            File.WriteAllBytes(file.FullName, File.ReadAllBytes(file.FullName)[..1000]);
        }

        using var model = Open();
        Assert.False(model.FromOptimizedCache);
        Assert.Single(model.EncodeTexts(["red"]));
        using var next = Open();
        Assert.True(next.FromOptimizedCache);
    }

    [Fact]
    public void A_cache_that_cannot_be_written_costs_nothing_but_itself()
    {
        var file = Path.Combine(_folder.FullName, "a-file");
        File.WriteAllText(file, "");
        using var model = ClipModel.Open("tiny-clip", new ClipModelOptions { OptimizedCache = Path.Combine(file, "below") });
        Assert.Single(model.EncodeTexts(["red"]));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private ClipModel Open() => ClipModel.Open("tiny-clip", new ClipModelOptions { OptimizedCache = _folder.FullName });
}
