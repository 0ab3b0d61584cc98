using FlowKit.Configuration.Diagnostics;
using FlowKit.Sources.SingleFiles;
using FlowKit.TestKit;

namespace FlowKit.Sources.Assemblies;

public sealed class AssemblyExecutorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Compiles an assembly; with others that it references.</summary>
    private string Compile(string name, string code, string folder = "bin")
    {
        var path = Path.Combine(_folder.Path, folder);
        Directory.CreateDirectory(path);
        SourceCompiler.Compile(code, Path.Combine(_folder.Path, $"{name}.cs"), path);
        return Path.Combine(path, $"{name}.dll");
    }

    private async Task<string> RefuseAsync(string uses)
    {
        var exception = await Record.ExceptionAsync(() => ExecutorProject.StartAsync(_folder, uses));
        Assert.True(exception is FlowConfigException or FlowKitException, $"{exception}");
        return exception!.Message;
    }

    [Fact]
    public async Task An_assembly_is_named_by_its_path_and_its_class_behind_it()
    {
        Compile("My", ExecutorProject.Says("\"first\"", "First") + "namespace My.Own { " + ExecutorProject.Says("\"second\"", "Second") + " }");

        await using var first = await ExecutorProject.StartAsync(_folder, "./bin/My.dll#First");
        await using var second = await ExecutorProject.StartAsync(_folder, "'bin/My.dll#My.Own.Second'");

        Assert.Equal("first", await ExecutorProject.AskAsync(first));
        Assert.Equal("second", await ExecutorProject.AskAsync(second));
    }

    [Theory]
    [InlineData("bin/My.dll", "'{0}/bin/My.dll' holds 2 executors: First, Second; name one of them: '{0}/bin/My.dll#First'")]
    [InlineData("bin/My.dll#Third", "'{0}/bin/My.dll' holds no executor named 'Third'; it holds First, Second")]
    [InlineData("bin/Else.dll", "the assembly '{0}/bin/Else.dll' does not exist")]
    [InlineData("bin/Text.dll", "'{0}/bin/Text.dll' cannot be used: it is no .NET assembly: ")]
    [InlineData("bin/None.dll", "'{0}/bin/None.dll' holds no executor; it needs a public class derived from Executor, with public methods that have [Requests]")]
    [InlineData("bin/Twice.dll", "two executors in '{0}/bin/Twice.dll' are named 'Same': First and Second; give one of them another [Executor(\"name\")]")]
    public async Task What_cannot_be_used_is_told_with_its_place(string uses, string message)
    {
        Compile("My", ExecutorProject.Says("\"first\"", "First") + ExecutorProject.Says("\"second\"", "Second"));
        Compile("None", "public sealed class None;");
        Compile("Twice", "[Executor(\"Same\")] public sealed class First : Executor; [Executor(\"Same\")] public sealed class Second : Executor;");
        _folder.Write("bin/Text.dll", "this is no assembly, but long enough to be looked at");

        Assert.StartsWith($"flow.yml:4:11: uses: {message.Replace("{0}", _folder.Path, StringComparison.Ordinal)}", await RefuseAsync(uses), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[Requests(\"/x\")] public void X(string text) => _ = text;", "Say.X: the parameter 'text' is a String; a method with [Requests] takes DocumentArray")]
    [InlineData("[Requests(\"/x\")] internal void X() { }", "Say.X answers /x but is not public, so it would never be called.")]
    [InlineData("public Say(int a) { } public Say(string b) { }", "Say has 2 public constructors; an executor has exactly one")]
    public async Task A_wrong_signature_is_told(string member, string message)
    {
        Compile("My", ExecutorProject.Says("\"\"", members: member));

        Assert.StartsWith($"flow.yml:4:11: uses: {message}", await RefuseAsync("bin/My.dll"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("public Say() => throw new FormatException(\"no such unit\");", "The executor 'say' (bin/My.dll) did not start: its constructor threw FormatException: no such unit (Say..ctor, ")]
    [InlineData("private static readonly int s_one = int.Parse(\"one\"); public Say() => _ = s_one;", "The executor 'say' (bin/My.dll) did not start: its constructor threw FormatException: ")]
    public async Task What_throws_in_its_constructor_is_told_with_its_line(string member, string message)
    {
        Compile("My", ExecutorProject.Says("\"\"", members: member));

        var told = await RefuseAsync("bin/My.dll");

        Assert.StartsWith(message, told, StringComparison.Ordinal);
        Assert.Contains("My.cs:3", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_dependency_is_named_before_anything_runs()
    {
        ExecutorProject.Write(_folder, "Say", ExecutorProject.Says("Lib.Word"), "<ItemGroup><ProjectReference Include=\"../Lib/Lib.csproj\" /></ItemGroup>");
        ExecutorProject.Write(_folder, "Lib", "public static class Lib { public static string Word => \"one\"; }");
        await using (var flow = await ExecutorProject.StartAsync(_folder, "./Say"))
        {
            Assert.Equal("one", await ExecutorProject.AskAsync(flow));
        }

        Directory.CreateDirectory(Path.Combine(_folder.Path, "alone"));
        File.Copy(Path.Combine(_folder.Path, "Say/bin/Release/net10.0/Say.dll"), Path.Combine(_folder.Path, "alone/Say.dll"));

        Assert.Equal(
            $"flow.yml:4:11: uses: '{_folder.Path}/alone/Say.dll' cannot be used: it needs Lib 1.0.0.0, which is neither beside it nor a part of FlowKit; copy it there, or build with CopyLocalLockFileAssemblies or 'dotnet publish'.",
            await RefuseAsync("alone/Say.dll"));
    }

    [Fact]
    public async Task An_assembly_for_a_newer_or_older_kind_of_dotnet_is_refused()
    {
        foreach (var (framework, message) in new[]
        {
            (".NETCoreApp,Version=v99.0", "it is compiled for .NET 99.0, and this is .NET 10.0; compile it for net10.0, or run FlowKit on the newer one"),
            (".NETFramework,Version=v4.8", "it is compiled for .NET Framework (.NETFramework,Version=v4.); compile it for net10.0"),
        })
        {
            var path = Compile("My", ExecutorProject.Says("\"\""));
            var bytes = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(path));
            var (old, written) = (".NETCoreApp,Version=v10.0", framework.Length > 25 ? framework[..25] : framework.PadRight(25));
            Assert.Contains(old, bytes, StringComparison.Ordinal);
            await File.WriteAllBytesAsync(path, System.Text.Encoding.Latin1.GetBytes(bytes.Replace(old, written, StringComparison.Ordinal)));

            Assert.Contains(message, await RefuseAsync("bin/My.dll"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Two_executors_have_their_own_versions_of_what_they_need()
    {
        foreach (var (name, word) in new[] { ("one", "ONE"), ("two", "TWO") })
        {
            _folder.Write($"{name}/Lib/Lib.csproj", ExecutorProject.Project);
            _folder.Write($"{name}/Lib/Lib.cs", $"public static class Lib {{ public static string Word => \"{word}\"; }}");
            _folder.Write($"{name}/Say/Say.csproj", ExecutorProject.Project.Replace("<!-- more -->", "<ItemGroup><ProjectReference Include=\"../Lib/Lib.csproj\" /></ItemGroup>", StringComparison.Ordinal));
            _folder.Write($"{name}/Say/Say.cs", ExecutorProject.Says("doc.Text + Lib.Word"));
        }

        await using var flow = await TestFlow.StartAsync(
            "jtype: Flow\nexecutors:\n  - {name: a, uses: ./one/Say}\n  - {name: b, uses: ./two/Say}\n", new TestFlowOptions { Folder = _folder.Path });

        Assert.Equal("ONETWO", (await flow.PostAsync("/", new Document("1"))).Documents[0].Text);
    }
}
