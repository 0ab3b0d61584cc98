using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using FlowKit.TestKit;

namespace FlowKit.Sources.Assemblies;

/// <summary>Brought code goes when its executors do, whatever of FlowKit has touched its classes.</summary>
public sealed class UnloadTests : IDisposable
{
    /// <summary>Options with an enum and a check, parameters bound to a class, a result of a class of its own, and a failure.</summary>
    private const string Code = """
        using System.ComponentModel.DataAnnotations;
        public enum Manner { Loud, Quiet }
        public sealed class SayOptions
        {
            [Range(1, 5)] public int Times { get; set; } = 1;
            public Manner Manner { get; set; }
        }
        public sealed class SayParameters { public string Word { get; set; } = ""; }
        public sealed record SayResult(string Word, Manner Manner);
        public sealed class Say(SayOptions options) : Executor
        {
            [Requests("/say")]
            public async Task<SayResult> RunAsync(DocumentArray docs, SayParameters parameters, CancellationToken cancellationToken)
            {
                await Task.Yield();
                docs[0].Text = "VERSION" + parameters.Word;
                return new SayResult(parameters.Word, options.Manner);
            }

            [Requests("/fail")]
            public void Fail() => throw new SayException();
        }
        public sealed class SayException() : Exception("no");
        """;

    private const string Flow = """
        jtype: Flow
        executors:
          - name: say
            uses: ./Unloading.cs
            uses_with: {times: 2, manner: quiet}

        """;

    private readonly TempFolder _folder = new();

    // Its own for each test, since the worlds of the others may not have gone yet.
    private readonly string _name = $"Unloading{Guid.NewGuid():N}";

    public void Dispose() => _folder.Dispose();

    private void Write(string version) => _folder.Write($"{_name}.cs", Code.Replace("VERSION", version, StringComparison.Ordinal));

    private Task<TestFlow> StartAsync(string flow = Flow) => TestFlow.StartAsync(Named(flow), new TestFlowOptions { Folder = _folder.Path });

    private string Named(string flow) => flow.Replace("Unloading.cs", $"{_name}.cs", StringComparison.Ordinal);

    private static async Task AskAsync(TestFlow flow, string version)
    {
        var call = new Runtime.FlowRequest("/say", [new Document("1")]) { Parameters = new Parameters(new JsonObject { ["word"] = "!" }) };
        var reply = await flow.Runtime.SendAsync(call, CancellationToken.None).WithTimeout();
        Assert.Null(reply.Error);
        Assert.Equal($"{version}!", reply.Documents[0].Text);
        Assert.Equal("no", (await flow.PostAsync("/fail", new Document("1"))).Error!.Message);
    }

    /// <summary>The worlds that are loaded from a file of this test now, without keeping them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private List<WeakReference> Worlds() =>
        [.. System.Runtime.Loader.AssemblyLoadContext.All.OfType<ExecutorLoadContext>().Where(context => context.Name == _name).Select(context => new WeakReference(context))];

    private static async Task GoneAsync(IReadOnlyList<WeakReference> worlds, int alive = 0)
    {
        for (var i = 0; i < 100 && worlds.Count(world => world.IsAlive) > alive; i++)
        {
            await Task.Delay(50);
            // What the serializer remembers of accessors it forgets when it meets another class.
            _ = System.Text.Json.JsonSerializer.Serialize(new { I = i });
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Equal(alive, worlds.Count(world => world.IsAlive));
    }

    [Fact]
    public async Task Code_unloads_when_its_flow_stops()
    {
        Write("one");
        var worlds = await RunOnceAsync();

        await GoneAsync(worlds);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<List<WeakReference>> RunOnceAsync()
    {
        await using var flow = await StartAsync();
        await AskAsync(flow, "one");
        var worlds = Worlds();
        Assert.Single(worlds);
        return worlds;
    }

    [Fact]
    public async Task Old_code_unloads_while_the_flow_serves_with_the_new()
    {
        Write("one");
        await using var flow = await StartAsync();
        await AskAsync(flow, "one");
        var old = Worlds();

        Write("two");
        await flow.ApplyAsync(Named(Flow));
        await AskAsync(flow, "two");

        await GoneAsync(old);
        await AskAsync(flow, "two");
    }

    [Fact]
    public async Task Code_that_leaves_the_flow_unloads()
    {
        Write("one");
        await using var flow = await StartAsync($"{Flow}  - {{name: rest, uses: Scripted}}\n");
        await AskAsync(flow, "one");
        var worlds = Worlds();

        await flow.ApplyAsync("jtype: Flow\nexecutors:\n  - {name: rest, uses: Scripted}\n");

        await GoneAsync(worlds);
        Assert.Null((await flow.PostAsync("/say", new Document("1"))).Error);
    }

    [Fact]
    public async Task Entries_that_use_the_same_code_share_it()
    {
        Write("one");
        await using var flow = await StartAsync($"{Flow}    replicas: 2\n  - {{name: again, uses: Unloading.cs}}\n");

        Assert.Single(Worlds());
    }
}
