using System.Text.Json.Nodes;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Flow;

namespace FlowKit.Configuration.Remote;

public class ExternalKeyTests
{
    private static readonly FlowConfig Flow = FlowConfigReader.Read(FlowFiles.Valid("external.yml"));

    [Theory]
    [InlineData("one", "grpc://encoder.example:51000")]
    [InlineData("ports", "grpcs://localhost:51001", "grpcs://localhost:51002")]
    [InlineData("hosts", "grpcs://a.example:1", "grpc://b.example:2", "grpc://[::1]:3")]
    public void Hosts_and_ports_make_addresses(string name, params string[] addresses) =>
        Assert.Equal(addresses, Named(name).UsesWith["addresses"]!.AsArray().Select(address => (string)address!));

    [Fact]
    public void How_it_is_asked_is_read()
    {
        var hosts = Named("hosts");

        Assert.Equal(("RemoteExecutor", 7, 8), (hosts.Uses, hosts.Retries, hosts.Replicas));
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"metadata":{"token":"secret"},"compression":"gzip","doc_array_version":"v1","ca_certfile":"ca.pem","certfile":"mine.pem","keyfile":"mine.key"}"""),
            Without(hosts.UsesWith, "addresses")));
        Assert.Equal((3, 64), (Named("one").Retries, Named("one").Replicas));
    }

    [Fact]
    public void What_whoever_starts_it_says_is_warned_of() =>
        Assert.Equal(["executors.hosts.uses", "executors.hosts.uses_with", "executors.hosts.replicas"], Flow.Warnings.Select(warning => warning.Key));

    [Fact]
    public void An_executor_here_may_say_where_jina_lets_it_listen() => Assert.Equal("BaseExecutor", Named("here").Uses);

    private static ExecutorConfig Named(string name) => Flow.Executors.Single(executor => executor.Name == name);

    private static JsonObject Without(JsonObject options, string name)
    {
        var rest = options.DeepClone().AsObject();
        rest.Remove(name);
        return rest;
    }
}
