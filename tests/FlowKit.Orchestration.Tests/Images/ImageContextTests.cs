using FlowKit.Configuration.Diagnostics;
using FlowKit.Specs.Running;
using FlowKit.Tests;

namespace FlowKit.Orchestration.Images;

public sealed class ImageContextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private const string Executor = "public sealed class Upper : Executor { [Requests] public void Run(DocumentArray docs) { } }";

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("#:property Deterministic=true\n")]
    public void A_file_is_compiled_now_and_not_when_a_container_starts(string directive)
    {
        var file = _folder.File("executor/Upper.cs", directive + Executor);
        _folder.File("executor/words.txt", "words");
        foreach (var (executor, files) in new[] { (file, "Upper.dll"), (Path.GetDirectoryName(file)!, "Upper.dll words.txt") })
        {
            var context = Directory.CreateDirectory(Path.Combine(_folder.Path, $"context{files.Length}")).FullName;

            ImageContext.Write(executor, context, "own:1", CancellationToken.None);

            Assert.Contains("""ENTRYPOINT ["dotnet", "/app/flowkit.dll", "executor", "--uses", "/executor/Upper.dll"]""", File.ReadAllText(Path.Combine(context, "Dockerfile")), StringComparison.Ordinal);
            var there = Directory.GetFiles(Path.Combine(context, "files")).Select(Path.GetFileName).ToList();
            Assert.Superset(files.Split(' ').ToHashSet(), there.ToHashSet()!);
            Assert.DoesNotContain("Upper.cs", there);
        }
    }

    [Fact]
    public void A_mistake_is_told_with_its_line()
    {
        var file = _folder.File("Upper.cs", "public sealed class Upper : Executor\n{\n    int x = \"a\";\n}\n");

        var error = Assert.Throws<FlowConfigException>(() => ImageContext.Write(file, _folder.Path, "own:1", CancellationToken.None)).Errors[0];

        Assert.Equal((file, 3), (error.Place.File, error.Place.Line));
    }

    [SmallDiskFact]
    public void A_full_disk_is_told_with_the_variable_that_names_another_and_the_next_attempt_works()
    {
        using var disk = new SmallDisk(64);
        _folder.File("executor/Upper.cs", Executor);
        _folder.File("executor/words.txt", new string(' ', 100_000));
        var file = Path.Combine(_folder.Path, "executor");
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
