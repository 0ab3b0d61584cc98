using FlowKit.Tests;

namespace FlowKit.Clip.Tests;

public sealed class ClipModelCacheTests
{
    [SharedDataFact(PrototypeModel.Needs)]
    public void Two_users_of_a_folder_share_one_model_until_both_are_done()
    {
        var first = ClipModelCache.Acquire(PrototypeModel.Folder);
        var second = ClipModelCache.Acquire(PrototypeModel.Folder + Path.DirectorySeparatorChar);
        Assert.Same(first.Model, second.Model);
        first.Dispose();
        first.Dispose();
        Assert.Single(second.Model.EncodeTexts(["still open"]));
        second.Dispose();
        using var third = ClipModelCache.Acquire(PrototypeModel.Folder);
        Assert.NotSame(second.Model, third.Model);
    }

    [SharedDataFact(PrototypeModel.Needs)]
    public async Task Many_users_at_once_open_it_once()
    {
        var leases = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => ClipModelCache.Acquire(PrototypeModel.Folder))));
        Assert.Single(leases.Select(static lease => lease.Model).Distinct());
        Assert.All(leases, static lease => lease.Dispose());
    }

    [Fact]
    public void A_model_that_does_not_open_leaves_nothing_behind()
    {
        var folder = Directory.CreateTempSubdirectory("flowkit-none");
        Assert.Throws<FlowKitException>(() => ClipModelCache.Acquire(folder.FullName));
        Assert.Throws<FlowKitException>(() => ClipModelCache.Acquire(folder.FullName));
        folder.Delete();
    }

    /// <summary>An id that the graph has no row for breaks a run as a lost device does: only whoever asks later gets other sessions.</summary>
    [Fact]
    public void A_model_whose_run_broke_in_the_runtime_is_not_shared_any_more()
    {
        var folder = Directory.CreateTempSubdirectory("flowkit-broken");
        var source = ClipModelFolder.Open("tiny-clip").FullPath;
        foreach (var file in Directory.EnumerateFiles(source).Where(file => Path.GetFileName(file) != ClipModelFolder.CardFile))
        {
            File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
        }

        var vocabulary = Path.Combine(folder.FullName, "vocab.json");
        var ids = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(vocabulary))!;
        ids["q</w>"] = 1_000_000;
        File.WriteAllText(vocabulary, ids.ToJsonString());
        using (var first = ClipModelCache.Acquire(folder.FullName))
        {
            var broken = Assert.Throws<FlowKitException>(() => first.Model.EncodeTexts(["q"]));
            Assert.Equal((FlowErrorCode.Internal, "OnnxRuntimeException"), (broken.Error.Code, broken.Error.ExceptionName));
            using var second = ClipModelCache.Acquire(folder.FullName);
            Assert.NotSame(first.Model, second.Model);
            Assert.Single(first.Model.EncodeTexts(["red"]));
            using var third = ClipModelCache.Acquire(folder.FullName);
            Assert.Same(second.Model, third.Model);
        }

        using var last = ClipModelCache.Acquire(folder.FullName);
        Assert.Single(last.Model.EncodeTexts(["red"]));
        folder.Delete(recursive: true);
    }
}
