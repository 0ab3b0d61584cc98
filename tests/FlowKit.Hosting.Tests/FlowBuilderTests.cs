using FlowKit.Client;
using FlowKit.Configuration.Diagnostics;
using FlowKit.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace FlowKit.Hosting;

public sealed class FlowBuilderTests
{
    [Fact]
    public async Task A_flow_is_built_started_and_asked_without_a_port()
    {
        using var folder = new TempFolder();
        await using var flow = await Flow.CreateBuilder()
            .Add<Upper>("upper", executor => executor.Uses.With("suffix", "!"))
            .Set("workspace", folder.Path)
            .StartAsync();

        var documents = await flow.PostAsync("/upper", [new Document { Text = "a" }, new Document { Text = "b" }]);

        Assert.Equal(["A!", "B!"], documents.Select(document => document.Text));
        Assert.True(flow.IsReady);
        Assert.Equal(["upper"], flow.Endpoints["/upper"]);
        Assert.Null(flow.Address);
    }

    [Fact]
    public async Task Branches_are_joined_by_what_they_need()
    {
        using var folder = new TempFolder();
        await using var flow = await Flow.CreateBuilder()
            .Add<Tagger>("left", executor => executor.Uses.With(new { Tag = "a" }))
            .Add<Embedder>("right", executor => executor.Needs("gateway"))
            .Needs(["left", "right"], "join")
            .Add<Upper>("last")
            .Configure(options => options.Workspace = folder.Path)
            .StartAsync();

        var document = Assert.Single(await flow.PostAsync("/upper", new Document { Text = "x" }));

        Assert.Equal("left 3 X", $"{document.Tags["a"]} {document.Embedding?.Shape[0]} {document.Text}");
    }

    [Fact]
    public async Task Jinas_post_has_its_callbacks_parameters_and_request_size()
    {
        using var folder = new TempFolder();
        await using var flow = await Start(folder, flow => flow.Add<Upper>());
        var (done, always) = (0, 0);

        var documents = await flow.PostAsync(
            "/upper",
            Enumerable.Range(0, 10).Select(number => new Document { Text = $"a{number}" }),
            onDone: reply => Interlocked.Add(ref done, reply.Documents.Count),
            onAlways: _ => Interlocked.Increment(ref always),
            options: new PostOptions { RequestSize = 4 });

        Assert.Equal((10, 3), (done, always));
        Assert.Equal(Enumerable.Range(0, 10).Select(number => $"A{number}"), documents.Select(document => document.Text!));
    }

    [Fact]
    public async Task What_an_executor_throws_is_thrown_or_told_to_on_error()
    {
        using var folder = new TempFolder();
        await using var flow = await Start(folder, flow => flow.Add<Greeter>("greeter").ConfigureServices(services => services.AddSingleton<Greeting>(new Greeting())));
        var error = await Assert.ThrowsAsync<FlowKitException>(() => flow.PostAsync("/throw", new Document()));
        Assert.Equal(("not today", "greeter"), (error.Message, error.Error.Executor));

        string? told = null;
        await flow.PostAsync("/throw", new Document(), onError: reply => told = reply.Status!.Message);
        Assert.Equal("not today", told);
    }

    [Fact]
    public async Task A_request_may_be_streamed()
    {
        using var folder = new TempFolder();
        await using var flow = await Start(folder, flow => flow.Add<Greeter>().ConfigureServices(services => services.AddSingleton<Greeting>(new Greeting("Hi"))));
        Assert.Equal(["Hi 0", "Hi 1", "Hi 2"], await flow.StreamAsync("/stream", [new Document()]).Select(document => document.Text).ToListAsync());
    }

    [Fact]
    public async Task An_endpoint_that_nobody_has_is_refused_by_name_where_the_flow_is_strict()
    {
        using var folder = new TempFolder();
        await using var flow = await Start(folder, flow => flow.Add<Upper>().Set("gateway.strict", true));
        var error = await Assert.ThrowsAsync<FlowKitException>(() => flow.PostAsync("/uper", new Document()));
        Assert.Contains("No executor of this flow answers '/uper'. It answers /upper.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_mistake_is_told_with_the_line_that_adds_the_executor()
    {
        var error = await Assert.ThrowsAsync<FlowConfigException>(() => Flow.CreateBuilder()
            .Add("a", "Uper", configure: executor => executor.Replicas = 0)
            .Add("a", configure: executor => executor.Set("replcas", 2))
            .StartAsync());

        var lines = error.Message.Split('\n');
        Assert.All(lines, line => Assert.StartsWith("FlowBuilderTests.cs:", line, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("executors[0].replicas", StringComparison.Ordinal) || line.Contains("executors.a.replicas", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("did you mean 'replicas'?", StringComparison.Ordinal));
        Assert.Equal(2, lines.Select(line => line.Split(':')[1]).Distinct().Count());
    }

    [Fact]
    public async Task An_unknown_option_is_told_with_the_line_as_well()
    {
        var error = await Assert.ThrowsAsync<FlowConfigException>(() => Flow.CreateBuilder().Add<Upper>("a", executor => executor.Uses.With("sufix", "!")).StartAsync());
        Assert.Matches(@"^FlowBuilderTests\.cs:\d+:1: uses_with\.sufix: .* did you mean 'suffix'\?$", error.Message);
    }

    [Fact]
    public async Task Disposing_answers_what_was_accepted()
    {
        using var folder = new TempFolder();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var flow = await Start(folder, flow => flow.Add<Greeter>().ConfigureServices(services => services.AddSingleton<Greeting>(new Greeting { Gate = () => gate.Task })));

        var asked = flow.PostAsync("/greet", new Document { Text = "you" });
        await TestTimeout.UntilAsync(() => flow.Runtime.InFlight == 1, "the request to be accepted");
        var disposing = flow.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<FlowKitException>(() => flow.PostAsync("/greet", new Document { Text = "late" }).WithTimeout());
        gate.SetResult();

        Assert.Equal("Hello you", Assert.Single(await asked.WithTimeout()).Text);
        await disposing.WithTimeout();
    }

    [Fact]
    public async Task It_may_listen_too()
    {
        using var folder = new TempFolder();
        await using var flow = await Start(folder, flow => flow.Add<Upper>().Set("gateway.port", 0).Configure(options => options.Listen = true));
        await using var client = new FlowClient(flow.Address!.ToString());
        var reply = await client.PostAsync("/upper", [new Document { Text = "a" }]);
        Assert.Equal("A", reply.Documents[0].Text);
    }

    private static Task<Flow> Start(TempFolder folder, Action<FlowBuilder> build)
    {
        var builder = Flow.CreateBuilder();
        build(builder);
        return builder.Configure(options => options.Workspace = folder.Path).StartAsync();
    }
}
