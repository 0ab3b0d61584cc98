using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using FlowKit.Specs.Running;

namespace Aspire.Hosting;

public sealed class FlowExecutorResourceBuilderExtensionsTests : IDisposable
{
    private const string Flow = """
        jtype: Flow
        executors:
          - {name: upper_case, external: true, port: 51000}
          - {name: here}
          - {name: parts, external: true, host: [a:1, b:1], shards: 2}
          - {name: safe, external: true, port: 51001, tls: true}
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly IDistributedApplicationBuilder _host;
    private readonly IResourceBuilder<FlowResource> _flow;

    public FlowExecutorResourceBuilderExtensionsTests()
    {
        _host = Models.NewHost(_folder.Path);
        _folder.File("flow.yml", Flow);
        _folder.File("Upper.cs", "");
        _flow = _host.AddFlow("flow", "flow.yml");
        Models.Allocate(_flow.Resource.PrimaryEndpoint, 8080);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_executor_serves_beside_the_flow_which_is_told_where()
    {
        var executor = _flow.AddExecutor("upper-case", "Upper.cs").WithOption("suffix", "!").Resource;
        Models.Allocate(executor.PrimaryEndpoint, 51000);

        Assert.Equal(("upper_case", "Upper.cs", _flow.Resource, _folder.Path), (executor.Entry, executor.Uses, executor.Flow, executor.WorkingDirectory));
        Assert.Equal(
            "executor --uses Upper.cs --name upper_case --host 127.0.0.1 --port 51001 --uses-with suffix=!",
            await Models.ArgumentsOfAsync(_host, executor));
        Assert.EndsWith(
            " --set executors.upper_case.host=localhost --set executors.upper_case.port=51000",
            await Models.ArgumentsOfAsync(_host, _flow.Resource),
            StringComparison.Ordinal);
        Assert.Equal("http2", executor.PrimaryEndpoint.EndpointAnnotation.Transport);
        Assert.Single(executor.Annotations.OfType<HealthCheckAnnotation>());
        Assert.Single(executor.Annotations.OfType<OtlpExporterAnnotation>());
    }

    [Theory]
    [InlineData("uper", "BaseExecutor", "no executor is called 'uper'; external executors of {0}: upper_case, parts, safe.")]
    [InlineData("here", "BaseExecutor", "{0}:4:5: executors.here: it runs in the flow; write 'external: true' for one that is a resource.")]
    [InlineData("parts", "BaseExecutor", "{0}:5:5: executors.parts.shards: it has 2 shards, and one resource is one executor.")]
    [InlineData("safe", "BaseExecutor", "{0}:6:5: executors.safe: it is asked with TLS, which the executor of a resource does not have.")]
    [InlineData("upper-case", "./Lower.cs", "the executor 'upper-case' uses './Lower.cs', but there is no {1}.")]
    public void What_does_not_fit_is_told(string name, string uses, string message)
    {
        var fault = Assert.Throws<DistributedApplicationException>(() => _flow.AddExecutor(name, uses));

        var expected = message.Replace("{0}", _flow.Resource.Path, StringComparison.Ordinal).Replace("{1}", Path.Combine(_folder.Path, "Lower.cs"), StringComparison.Ordinal);
        Assert.Equal($"The flow 'flow': {expected}", fault.Message);
    }

    [Fact]
    public void A_flow_without_any_says_so()
    {
        _folder.File("other.yml", "jtype: Flow\nexecutors:\n  - name: encoder\n");

        var fault = Assert.Throws<DistributedApplicationException>(() => _host.AddFlow("other", "other.yml").AddExecutor("upper", "BaseExecutor"));

        Assert.EndsWith(": none.", fault.Message, StringComparison.Ordinal);
    }
}
