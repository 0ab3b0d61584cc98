using FlowKit.Specs.Running;

namespace FlowKit.Orchestration.Images;

public sealed class IgnoreFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("notes", "notes", true)]
    [InlineData("notes", "notes/a/b.txt", true)]
    [InlineData("notes", "a/notes", false)]
    [InlineData("/notes/", "notes/a", true)]
    [InlineData("./a/../notes", "notes", true)]
    [InlineData("*.txt", "a.txt", true)]
    [InlineData("*.txt", "a/b.txt", false)]
    [InlineData("*/*.txt", "a/b.txt", true)]
    [InlineData("**/*.txt", "a.txt", true)]
    [InlineData("**/*.txt", "a/b/c.txt", true)]
    [InlineData("a/**", "a/b/c", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("[ab].md", "b.md", true)]
    [InlineData("[^ab].md", "b.md", false)]
    [InlineData("\\[a].md", "[a].md", true)]
    [InlineData("a.b", "aXb", false)]
    [InlineData("# notes", "notes", false)]
    [InlineData("", "notes", false)]
    [InlineData("**\n!src", "src/a.cs", false)]
    [InlineData("**\n!src", "other", true)]
    [InlineData("!a.md\n*.md", "a.md", true)]
    [InlineData("*.md\n!README.md\n", "README.md", false)]
    public void Patterns_fit_as_the_engines_have_them(string text, string path, bool isLeftOut)
    {
        _folder.File(".dockerignore", text);

        Assert.Equal(isLeftOut, IgnoreFile.Of(_folder.Path).LeavesOut(path));
    }

    [Fact]
    public void The_one_of_the_Dockerfile_comes_first_and_without_any_all_is_in()
    {
        Assert.False(IgnoreFile.Of(_folder.Path).LeavesOut("a"));
        _folder.File(".dockerignore", "a");
        _folder.File("Dockerfile.dockerignore", "b");

        var file = IgnoreFile.Of(_folder.Path);

        Assert.Equal("Dockerfile.dockerignore", file.Name);
        Assert.False(file.LeavesOut("a"));
        Assert.True(file.LeavesOut("b"));
    }

    [Fact]
    public void A_line_that_is_no_pattern_is_told_with_its_place()
    {
        var path = _folder.File(".dockerignore", "a\n[z-a]");

        var wrong = Assert.Throws<FlowKitException>(() => IgnoreFile.Of(_folder.Path));

        Assert.Equal($"{path}:2: '[z-a]' is no pattern; write a range as '[a-z]', or '\\[' for a bracket", wrong.Message);
    }
}
