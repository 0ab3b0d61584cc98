using FlowKit.TestKit;

namespace FlowKit.Sources;

/// <summary>The files whose change changes an executor.</summary>
public sealed class ExecutorFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public ExecutorFilesTests()
    {
        _folder.Write("Say.cs", "#:project ./Lib\n#:project ./Nothing\npublic sealed class Say;");
        _folder.Write("Bad.cs", "#:projct ./Lib\n");
        _folder.Write("Lib/Lib.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\" />");
        _folder.Write("Lib/Code.cs", "");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ClipTextEncoder", "")]
    [InlineData("nuget://My.Say@1.2.3", "")]
    [InlineData("./Say.cs", "Say.cs Lib/Lib.csproj Lib/Code.cs")]
    [InlineData("./Bad.cs", "Bad.cs")]
    [InlineData("./Gone.cs", "Gone.cs")]
    [InlineData("./Lib/Lib.csproj", "Lib/Lib.csproj Lib/Code.cs")]
    [InlineData("./bin/My.dll#Say", "bin/My.dll")]
    public void An_executor_is_made_of_files(string uses, string expected)
    {
        var files = ExecutorFiles.Of(uses, _folder.Path).Select(file => Path.GetRelativePath(_folder.Path, file)).ToList();

        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(), files.Intersect(expected.Split(' ')).Order());
        Assert.Equal(expected.Length == 0, files.Count == 0);
    }
}
