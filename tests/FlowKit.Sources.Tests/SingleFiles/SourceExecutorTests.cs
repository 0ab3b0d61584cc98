using FlowKit.Configuration.Diagnostics;
using FlowKit.TestKit;

namespace FlowKit.Sources.SingleFiles;

public sealed class SourceExecutorTests : IDisposable
{
    private const string Upper = """
        public sealed class Upper : Executor
        {
            [Requests("/upper")]
            public void Run(DocumentArray documents)
            {
                foreach (var document in documents)
                {
                    document.Text = document.Text!.ToUpperInvariant();
                }
            }
        }
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Task<TestFlow> StartAsync(string uses = "./my.cs") =>
        TestFlow.StartAsync($"jtype: Flow\nexecutors:\n  - {{name: a, uses: {uses}}}\n", new TestFlowOptions { Folder = _folder.Path });

    private async Task<string> RefuseAsync(string? source)
    {
        if (source is not null)
        {
            _folder.Write("my.cs", source);
        }

        return (await Assert.ThrowsAsync<FlowConfigException>(() => StartAsync())).Message;
    }

    [Fact]
    public async Task A_file_has_the_usings_that_the_SDK_gives_a_project()
    {
        _folder.Write("my.cs", "public sealed class Usual(HttpClient? http = null) : Executor { [Requests] public Task Run(DocumentArray documents) { _ = http; _ = new List<Uri>(documents.Select(document => new Uri(Path.GetTempPath()))); return Task.CompletedTask; } }");
        await using var flow = await StartAsync();

        Assert.Null((await flow.PostAsync("/")).Error);
    }

    [Fact]
    public async Task One_file_is_an_executor()
    {
        _folder.Write("my.cs", Upper);
        await using var flow = await StartAsync();

        Assert.Equal("ABC", (await flow.PostAsync("/upper", new Document("1") { Text = "abc" })).Documents[0].Text);
    }

    [Fact]
    public async Task An_exception_of_a_file_says_its_line()
    {
        _folder.Write("my.cs", Upper);
        using var logs = new CollectedLogs();
        await using var flow = await TestFlow.StartAsync("jtype: Flow\nexecutors:\n  - {name: a, uses: my.cs}\n", new TestFlowOptions { Folder = _folder.Path, Loggers = logs });

        Assert.Equal("a", (await flow.PostAsync("/upper", new Document("1"))).Error!.Executor);

        var line = Assert.Single(logs.Lines);
        Assert.True(line.Contains("my.cs:line ", StringComparison.Ordinal), line);
    }

    [Fact]
    public async Task A_compile_error_is_told_as_the_compiler_does()
    {
        var message = await RefuseAsync(Upper.Replace("ToUpperInvariant", "ToUpperInvariantly", StringComparison.Ordinal));

        Assert.StartsWith($"{Path.Combine(_folder.Path, "my.cs")}:8:44: CS1061: ", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_is_told_where_uses_is_written() =>
        Assert.Equal($"flow.yml:3:21: uses: the file '{Path.Combine(_folder.Path, "my.cs")}' does not exist", await RefuseAsync(null));

    [Theory]
    [InlineData("public sealed class NoExecutor;")]
    [InlineData("")]
    [InlineData("internal sealed class Hidden : Executor;")]
    public async Task A_file_without_an_executor_is_told_what_one_is(string source) =>
        Assert.Equal($"flow.yml:3:21: uses: '{Path.Combine(_folder.Path, "my.cs")}' holds no executor; it needs a public class derived from Executor, with public methods that have [Requests]", await RefuseAsync(source));

    [Fact]
    public async Task Of_several_executors_in_a_file_one_is_named()
    {
        var path = Path.Combine(_folder.Path, "my.cs");
        Assert.Equal($"flow.yml:3:21: uses: '{path}' holds 2 executors: Upper, Other; name one of them: '{path}#Upper'", await RefuseAsync(Upper + "public sealed class Other : Executor;"));

        await using var flow = await StartAsync("./my.cs#Upper");

        Assert.Equal("ABC", (await flow.PostAsync("/upper", new Document("1") { Text = "abc" })).Documents[0].Text);
    }
}
