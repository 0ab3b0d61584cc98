using System.Text.Json.Nodes;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Gateway;

namespace FlowKit.Orchestration.Launching;

public sealed class WorkerEntryTests
{
    [Theory]
    [InlineData("null", "it is null")]
    [InlineData("hello", "--entry: the first line of the input is no entry of a gateway")]
    [InlineData("""{"name": null}""", "'name' is null")]
    [InlineData("""{"Name": 5}""", "--entry: the first line of the input is no entry of a gateway")]
    public void A_line_that_is_no_entry_is_told(string json, string message)
    {
        var error = Assert.Throws<FlowKitException>(() => WorkerEntry.Parse(json));

        Assert.Equal(FlowErrorCode.InvalidArgument, error.Error.Code);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name": "a"}""")]
    [InlineData("""{"name": "a", "usesWith": null, "usesRequests": null, "env": null, "device": null}""")]
    public void What_an_entry_leaves_out_or_says_is_null_has_its_default(string json)
    {
        var executor = Assert.Single(WorkerEntry.Parse(json).ToConfig("Upper", new GatewayConfig()).Executors);

        Assert.Equal((0, 0, 0, "cpu"), (executor.UsesWith.Count, executor.UsesRequests.Count, executor.Env.Count, executor.Device));
    }

    [Fact]
    public void A_token_becomes_the_only_key_of_the_worker()
    {
        var gateway = new WorkerEntry { Name = "a", Token = "first-key-0123456789" }.ToConfig("Upper", new GatewayConfig()).Gateway;

        Assert.Equal([new ApiKeyConfig(ApiKeyDigest.Of("first-key-0123456789"))], gateway.Security.ApiKeys);
    }

    [Fact]
    public void An_entry_comes_back_as_it_was_written()
    {
        var entry = new WorkerEntry { Name = "encoder", Uses = "ClipTextEncoder", ReplicaId = 1, Replicas = 2, ShardId = 1, Shards = 3, Device = "cuda:1" };

        var read = WorkerEntry.Parse(entry.ToJson());

        Assert.Equal(entry.ToJson(), read.ToJson());
        var executor = Assert.Single(read.ToConfig(null, new GatewayConfig()).Executors);
        Assert.Equal(("encoder/1", "ClipTextEncoder", "cuda:1"), (executor.Name, executor.Uses, executor.Device));
        var context = read.Place(new ExecutorContext { Workspace = "/here" });
        Assert.Equal(("encoder", 1, 2, 1, 3, "/here"), (context.Name, context.ReplicaId, context.Replicas, context.ShardId, context.Shards, context.Workspace));
    }

    /// <summary>A worker reads 007 where its option is a text, as the flow's own process does; one of an older gateway has none.</summary>
    [Fact]
    public void The_texts_of_options_go_along()
    {
        var config = new ExecutorConfig { Name = "a", Needs = ["gateway"], UsesWith = new JsonObject { ["suffix"] = 7 }, UsesWithTexts = new Dictionary<string, string> { ["suffix"] = "007" } };

        var read = WorkerEntry.Parse(WorkerEntry.Of(config, new ExecutorContext { Name = "a", Workspace = "/here" }).ToJson());
        var old = WorkerEntry.Parse("""{"name": "a", "uses": "X", "uses_with": {}, "uses_requests": {}, "env": {}, "replicas": 1, "shards": 1, "device": "cpu"}""");

        Assert.Equal("007", Assert.Single(read.ToConfig("Upper", new GatewayConfig()).Executors).UsesWithTexts["suffix"]);
        Assert.Empty(Assert.Single(old.ToConfig(null, new GatewayConfig()).Executors).UsesWithTexts);
    }

    [Fact]
    public void What_runs_is_said_by_the_entry_or_by_the_image_or_is_an_error()
    {
        var entry = new WorkerEntry { Name = "encoder" };

        Assert.Equal("Upper", Assert.Single(entry.ToConfig("Upper", new GatewayConfig()).Executors).Uses);
        Assert.Contains("--uses: expected the executor that runs", Assert.Throws<FlowKitException>(() => entry.ToConfig(null, new GatewayConfig())).Message, StringComparison.Ordinal);
    }
}
