using FlowKit.Specs.Running;
using FlowKit.Tests;

namespace FlowKit.Orchestration.Images;

public sealed class ImageContextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SmallDiskFact]
    public void A_full_disk_is_told_with_the_variable_that_names_another_and_the_next_attempt_works()
    {
        using var disk = new SmallDisk(64);
        var file = _folder.File("Upper.cs", new string(' ', 100_000));
        var context = disk.At("context");
        Directory.CreateDirectory(context);

        var full = Assert.Throws<FlowKitException>(() => ImageContext.Write(file, context, "own:1", CancellationToken.None));

        Assert.Equal(FlowErrorCode.ResourceExhausted, full.Error.Code);
        Assert.Equal($"'{context}', which the image is built from (TMPDIR names another place), cannot be written: the disk is full; free some space, or name a folder on another disk", full.Message);
        disk.Resize(1024);
        Directory.Delete(context, recursive: true);
        Directory.CreateDirectory(context);
        ImageContext.Write(file, context, "own:1", CancellationToken.None);
        Assert.StartsWith("FROM own:1\n", File.ReadAllText(Path.Combine(context, "Dockerfile")), StringComparison.Ordinal);
    }
}
