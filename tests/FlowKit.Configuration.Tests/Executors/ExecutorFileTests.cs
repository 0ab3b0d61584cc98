using FlowKit.Configuration.Batching;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Flow;
using FlowKit.TestKit;

namespace FlowKit.Configuration.Executors;

public class ExecutorFileTests
{
    private static readonly FlowConfig Flow = FlowConfigReader.Read(FlowFiles.Valid("files.yml"));
    private static readonly string Encoder = FlowFiles.Valid(Path.Combine("parts", "encoder"));

    [Fact]
    public void An_executors_own_file_is_read_below_the_entry()
    {
        var executor = Flow.Executors[1];
        Assert.Equal(("encoder", "ClipTextEncoder", "clip", "encodes words"), (executor.Name, executor.Uses, executor.MetasName, executor.Description));
        Assert.Equal("""{"model":"tiny","batch":32}""", executor.UsesWith.ToJsonString());
        Assert.Equal(new Dictionary<string, string> { ["/encode"] = "Encode" }, executor.UsesRequests);
        Assert.Equal(new BatchingConfig(8, TimeSpan.FromMilliseconds(5)), executor.DynamicBatching["/encode"]);
        Assert.Equal(new BatchingConfig(4, TimeSpan.Zero), executor.DynamicBatching["Rank"]);
        Assert.Equal(new SourcePlace(Path.Combine(Encoder, "config.yml"), 1, 8), executor.UsesPlace);
        Assert.Equal(Path.Combine(Encoder, "config.yml"), executor.UsesWithPlaces["model"].File);
        Assert.Equal(FlowFiles.Valid("files.yml"), executor.UsesWithPlaces["batch"].File);
    }

    [Fact]
    public void Relative_paths_start_in_the_folder_of_the_file_that_writes_them()
    {
        var executor = Flow.Executors[1];
        Assert.Equal(Encoder, executor.BaseDirectory);
        Assert.Equal(FlowFiles.Valid("work"), executor.Workspace);
        Assert.Equal(FlowFiles.Valid("merge.cs"), executor.UsesAfter);
        Assert.Equal(FlowFiles.Valid(Path.Combine("parts", "deployed")), Flow.Executors[0].Workspace);
        Assert.Null(Flow.Executors[3].BaseDirectory);
    }

    [Fact]
    public void A_text_is_the_path_of_a_deployment()
    {
        var executor = Flow.Executors[0];
        Assert.Equal(("deployed", "ClipTextEncoder", 2, 2), (executor.Name, executor.Uses, executor.Replicas, executor.Shards));
        Assert.Equal("""{"model":"large","batch":16}""", executor.UsesWith.ToJsonString());
        Assert.Equal("gateway", Assert.Single(executor.Needs));
    }

    [Fact]
    public void The_keys_of_an_entry_go_over_those_of_its_deployment()
    {
        var executor = Flow.Executors[2];
        Assert.Equal(("renamed", 2, 4), (executor.Name, executor.Replicas, executor.Shards));
        Assert.Equal("""{"model":"large","batch":1}""", executor.UsesWith.ToJsonString());
        Assert.Equal(new Dictionary<string, string> { ["A"] = "1", ["B"] = "3" }, executor.Env);
    }

    [Fact]
    public void A_deployment_may_stand_in_the_list()
    {
        var executor = Flow.Executors[3];
        Assert.Equal(("inside", "Ranker", 3), (executor.Name, executor.Uses, executor.Replicas));
    }

    [Fact]
    public void Every_file_is_listed_once() => Assert.Equal(
        [FlowFiles.Valid("files.yml"), FlowFiles.Valid(Path.Combine("parts", "deployment.yml")), Path.Combine(Encoder, "config.yml")],
        Flow.Files);

    [Fact]
    public void Values_can_be_set_over_a_deployments()
    {
        var options = new FlowReadOptions { Overrides = new Dictionary<string, string> { ["executors.renamed.parallel"] = "5", ["executors.renamed.shards"] = "6" } };
        Assert.Throws<FlowConfigException>(() => FlowConfigReader.Read(FlowFiles.Valid("files.yml"), options));
        options = new FlowReadOptions { Overrides = new Dictionary<string, string> { ["executors.inside.replicas"] = "5", ["executors.renamed.replicas"] = "6" } };
        Assert.Throws<FlowConfigException>(() => FlowConfigReader.Read(FlowFiles.Valid("files.yml"), options));
        options = new FlowReadOptions { Overrides = new Dictionary<string, string> { ["executors.executor3.replicas"] = "5", ["executors.renamed.replicas"] = "6" } };
        Assert.Equal([2, 1, 6, 5], FlowConfigReader.Read(FlowFiles.Valid("files.yml"), options).Executors.Select(executor => executor.Replicas));
    }

    [Fact]
    public void Variables_are_replaced_in_every_file()
    {
        using var folder = new TempFolder();
        folder.Write("config.yml", "jtype: ${{ CONTEXT.encoder }}\nwith: {token: '${{ ENV.TOKEN }}'}\n");
        var flow = FlowConfigReader.ReadText("executors:\n  - uses: ${{ CONTEXT.file }}.yml\n", "flow.yml", new FlowReadOptions
        {
            BaseDirectory = folder.Path,
            Context = new Dictionary<string, string> { ["encoder"] = "Encoder", ["file"] = "config" },
            Environment = _ => "t0ken",
        });
        Assert.Equal(("Encoder", """{"token":"t0ken"}"""), (flow.Executors[0].Uses, flow.Executors[0].UsesWith.ToJsonString()));
        Assert.Equal([Path.Combine(folder.Path, "config.yml")], flow.Files);
    }
}
