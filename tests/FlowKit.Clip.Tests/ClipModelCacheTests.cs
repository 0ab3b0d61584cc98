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
}
