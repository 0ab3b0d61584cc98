using System.Reflection;
using System.Text.Json.Nodes;
using FlowKit.Components;
using FlowKit.Configuration;
using FlowKit.Configuration.Autoscaling;
using FlowKit.Configuration.Batching;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Launching;
using FlowKit.Configuration.Monitoring;

namespace FlowKit.Runtime.Executors;

/// <summary>On a reload the executors whose entries say something else are replaced, and only those.</summary>
public sealed class ExecutorRevisionTests
{
    /// <summary>Keys that the graph around an executor obeys, that only say something of it, or that are places.</summary>
    private static readonly string[] s_ofTheGraph =
    [
        nameof(ExecutorConfig.Replicas), nameof(ExecutorConfig.Autoscale), nameof(ExecutorConfig.Needs), nameof(ExecutorConfig.When), nameof(ExecutorConfig.Floating), nameof(ExecutorConfig.Inspects),
        nameof(ExecutorConfig.NoReduce), nameof(ExecutorConfig.Polling), nameof(ExecutorConfig.FailOnShardError), nameof(ExecutorConfig.UsesBefore),
        nameof(ExecutorConfig.UsesAfter), nameof(ExecutorConfig.Reload), nameof(ExecutorConfig.Description), nameof(ExecutorConfig.MetasName), nameof(ExecutorConfig.Monitoring),
        nameof(ExecutorConfig.Place), nameof(ExecutorConfig.UsesPlace), nameof(ExecutorConfig.UsesWithPlaces),
    ];

    private static readonly ExecutorDescriptor s_descriptor = new(typeof(Echo));

    public static TheoryData<string> Keys => [.. KeysOf(typeof(ExecutorConfig))];

    public static TheoryData<string> LaunchKeys => [.. KeysOf(typeof(LaunchConfig))];

    public static TheoryData<string> ContainerKeys => [.. KeysOf(typeof(ContainerConfig))];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Each_key_makes_a_new_revision_unless_the_graph_obeys_it(string key)
    {
        var (before, after, again) = (Revision(Base()), Revision(Changed(Base(), key)), Revision(Changed(Base(), key)));

        Assert.Equal(s_ofTheGraph.Contains(key), before.RunsAs(after));
        Assert.True(after.RunsAs(again), "what is read again from the same file is the same revision");
    }

    [Theory]
    [MemberData(nameof(LaunchKeys))]
    public void Each_key_of_where_it_runs_makes_a_new_revision(string key) => Differs(launch => Changed(launch, key));

    [Theory]
    [MemberData(nameof(ContainerKeys))]
    public void Each_key_of_its_container_makes_a_new_revision(string key) =>
        Differs(launch => launch with { Container = Changed(launch.Container!, key) });

    [Fact]
    public void A_file_that_is_read_again_gives_the_same_revisions_wherever_its_lines_are()
    {
        const string Flow = """
            executors:
              - name: a
                uses: Echo
                uses_with: {one: 1, two: [a, b], three: {four: true}}
                uses_requests: {/echo: Run}
                uses_dynamic_batching: {/index: {preferred_batch_size: 4}}
                env: {X: y}
                exit_on_exceptions: [IOException]
            """;
        var (first, second) = (FlowConfigReader.ReadText(Flow, "flow.yml").Executors[0], FlowConfigReader.ReadText($"\n\n{Flow}", "flow.yml").Executors[0]);

        Assert.NotEqual(first.Place, second.Place);
        Assert.True(Revision(first).RunsAs(Revision(second)));
    }

    private static void Differs(Func<LaunchConfig, LaunchConfig> change)
    {
        var (before, after, again) = (Revision(Launched(launch => launch)), Revision(Launched(change)), Revision(Launched(change)));

        Assert.False(before.RunsAs(after));
        Assert.True(after.RunsAs(again));
    }

    private static ExecutorConfig Launched(Func<LaunchConfig, LaunchConfig> change) =>
        Base() with { Launch = change(new LaunchConfig { Runtime = LaunchConfig.InContainer, Container = new ContainerConfig() }) };

    private static ExecutorRevision Revision(ExecutorConfig config) => new(config, s_descriptor);

    private static ExecutorConfig Base() => new() { Name = "a", Needs = ["gateway"] };

    private static IEnumerable<string> KeysOf(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).Select(property => property.Name);

    /// <summary>A copy in which one key has another value, made anew each time.</summary>
    private static T Changed<T>(T config, string key)
        where T : class
    {
        var copy = (T)typeof(T).GetMethod("<Clone>$")!.Invoke(config, null)!;
        var property = typeof(T).GetProperty(key)!;
        property.SetValue(copy, Other(property.PropertyType, property.GetValue(config)));
        return copy;
    }

    private static object Other(Type type, object? value) => value switch
    {
        bool flag => !flag,
        int number => number + 1,
        TimeSpan time => time + TimeSpan.FromSeconds(1),
        string text => text + "x",
        SourcePlace => new SourcePlace("flow.yml", 7, 3),
        JsonObject => new JsonObject { ["one"] = new JsonArray(1, 2) },
        PollingConfig => new PollingConfig(new Dictionary<string, PollingMode> { ["/x"] = PollingMode.All }, null),
        ContainerConfig => new ContainerConfig { User = "app" },
        MonitoringConfig => new MonitoringConfig { Port = 9090 },
        IReadOnlyList<string> => new List<string> { "one", "two" },
        IReadOnlyList<int> => new List<int> { 1, 2 },
        IReadOnlyList<VolumeConfig> => new List<VolumeConfig> { new("/a", "/b", true) },
        IReadOnlyDictionary<string, string> => new Dictionary<string, string> { ["/echo"] = nameof(Echo.Run) },
        IReadOnlyDictionary<string, BatchingConfig> => new Dictionary<string, BatchingConfig> { ["/index"] = new(4, TimeSpan.Zero) },
        IReadOnlyDictionary<string, SourcePlace> => new Dictionary<string, SourcePlace> { ["one"] = new("flow.yml", 1, 1) },
        null when type == typeof(string) => "one",
        null when type == typeof(long?) => 1L,
        null when type == typeof(int?) => 1,
        null when type == typeof(TimeSpan?) => TimeSpan.FromSeconds(1),
        null when type == typeof(DocumentCondition) => DocumentCondition.Parse(new JsonObject()),
        null when type == typeof(AutoscaleConfig) => new AutoscaleConfig(1, 4),
        null when type == typeof(LaunchConfig) => new LaunchConfig { Runtime = LaunchConfig.Process },
        _ => throw new NotSupportedException($"A key is of a type that this test does not know how to change yet: {type}."),
    };

    public sealed class Echo : Executor
    {
        [Requests]
        public void Run(DocumentArray documents) => _ = documents;
    }
}
