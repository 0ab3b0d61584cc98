using FlowKit.Specs.Running;

namespace FlowKit.Orchestration.Images;

public sealed class ImageRecipeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_name_is_an_executor_that_comes_with_FlowKit() => Assert.Equal(new ImageRecipe("ClipTextEncoder", null), ImageRecipe.Of("ClipTextEncoder"));

    [Fact]
    public void A_file_or_a_folder_with_one_file_is_copied()
    {
        var file = _folder.File("Upper.cs", "");

        Assert.Equal(new ImageRecipe("/executor/Upper.cs", file), ImageRecipe.Of(file));
        Assert.Equal(new ImageRecipe("/executor/Upper.cs", _folder.Path), ImageRecipe.Of(_folder.Path));
        _folder.File("config.yml", "");
        Assert.Equal("/executor/config.yml", ImageRecipe.Of(_folder.Path).Uses);
    }

    [Fact]
    public void What_is_not_there_or_does_not_say_what_runs_is_told()
    {
        _folder.File("A.cs", "");
        _folder.File("B.cs", "");

        Assert.Equal("'./nowhere.cs' is not there; name an executor, a C# file or an executor's folder", Assert.Throws<FlowKitException>(() => ImageRecipe.Of("./nowhere.cs")).Message);
        Assert.StartsWith($"the folder '{_folder.Path}' holds neither a Dockerfile, nor an executor.yml, nor one project, nor exactly one C# file", Assert.Throws<FlowKitException>(() => ImageRecipe.Of(_folder.Path)).Message, StringComparison.Ordinal);
    }
}
