using System.Text.Json.Nodes;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Flow;

namespace FlowKit.Configuration.Remote;

public class ExternalShardsTests
{
    private static readonly FlowConfig Flow = FlowConfigReader.Read(FlowFiles.Valid("external-shards.yml"));

    [Theory]
    [InlineData("ordinal", "grpc://indexer-0.indexer:51000", "grpc://indexer-1.indexer:51000", "grpc://indexer-2.indexer:51000")]
    [InlineData("replicas", "grpcs://0.a.example:1 grpc://0.b.example:2", "grpcs://1.a.example:1 grpc://1.b.example:2")]
    [InlineData("ports", "grpc://localhost:51001", "grpc://localhost:51002")]
    [InlineData("groups", "grpc://a.example:1 grpc://b.example:2", "grpc://c.example:3 grpc://d.example:4")]
    public void Each_shard_has_addresses_of_its_own(string name, params string[] shards)
    {
        var executor = Named(name);

        Assert.Equal(shards.Length, executor.Shards);
        Assert.Equal(shards, executor.UsesWith["shard_addresses"]!.AsArray().Select(shard => string.Join(' ', TextsOf(shard!))));
        Assert.Equal(shards.SelectMany(shard => shard.Split(' ')), TextsOf(executor.UsesWith["addresses"]!));
    }

    [Fact]
    public void Without_shards_the_number_is_that_of_the_first() =>
        Assert.Equal((1, "grpc://lone-0.example:51000", false), (Named("one").Shards, TextsOf(Named("one").UsesWith["addresses"]!).Single(), Named("one").UsesWith.ContainsKey("shard_addresses")));

    [Fact]
    public void What_stands_before_and_behind_the_shards_is_here_as_the_way_they_are_asked()
    {
        var ordinal = Named("ordinal");

        Assert.Equal(("BaseExecutor", "BaseExecutor", PollingMode.Hash), (ordinal.UsesBefore, ordinal.UsesAfter, ordinal.Polling.For("/index")));
        Assert.Null(ordinal.ShardId);
        Assert.Empty(Flow.Warnings);
    }

    [Theory]
    [InlineData("ordinal", true)]
    [InlineData("groups", false)]
    [InlineData("one", true)]
    public void One_of_several_replicas_of_a_shard_writes_unless_the_flow_says_otherwise(string name, bool isFirst) =>
        Assert.Equal(isFirst, (bool?)Named(name).UsesWith["writes_to_first"] ?? false);

    private static ExecutorConfig Named(string name) => Flow.Executors.Single(executor => executor.Name == name);

    private static IEnumerable<string> TextsOf(JsonNode list) => list.AsArray().Select(text => (string)text!);
}
