using FlowKit.Specs.Running;

namespace Aspire.Hosting.Flows;

public sealed class FlowDefinitionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("jtype: Flow\nexecutors:\n  - name: a\n    replicas: many\n", ":4:15: executors.a.replicas: ")]
    [InlineData("jtype: Flow\nexecutors: [\n", ": ")]
    [InlineData("jtype: Flow\ngateway: {protocol: grpc}\nexecutors:\n  - name: a\n", "gateway.protocol: expected http among them")]
    [InlineData("jtype: Flow\nexecutors:\n  - name: a\n    needs: b\n    workspace: ${{ ENV.FLOWKIT_UNSET }}\n", ":4:12: executors.a.needs: ")]
    public void A_flow_that_cannot_be_run_is_told_with_its_line(string yaml, string part)
    {
        var file = _folder.File("flow.yml", yaml);

        var fault = Assert.Throws<DistributedApplicationException>(() => new FlowDefinition("search", file));

        Assert.StartsWith("The flow 'search': ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(file, fault.Message, StringComparison.Ordinal);
        Assert.Contains(part, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_no_flow()
    {
        var fault = Assert.Throws<DistributedApplicationException>(() => new FlowDefinition("search", _folder.Path));

        Assert.Contains("it is a folder", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jtype: Flow\nexecutors:\n  - name: a\n    replicas: ${{ ENV.FLOWKIT_UNSET }}\n")]
    [InlineData("jtype: Flow\nexecutors:\n  - name: a\n    replicas: $FLOWKIT_UNSET\n")]
    [InlineData("jtype: Flow\nexecutors:\n  - name: ${{ ENV.FLOWKIT_UNSET }}\n  - name: b\n    needs: the_first\n")]
    public void What_only_the_running_flow_knows_is_not_judged(string yaml)
    {
        var definition = new FlowDefinition("search", _folder.File("flow.yml", yaml));

        Assert.True(definition.Gateway.Ports[0].IsHttp);
    }

    [Fact]
    public void What_the_app_host_sets_is_judged_as_it_comes()
    {
        var definition = new FlowDefinition("search", _folder.File("flow.yml", "jtype: Flow\nexecutors:\n  - name: a\n    replicas: ${{ ENV.FLOWKIT_UNSET }}\n"));

        definition.Set("gateway.port", "9000");
        Assert.Equal(9000, definition.Gateway.Port);
        definition.SetContext("unused", null);
        Assert.Throws<DistributedApplicationException>(() => definition.Set("gateway.port", "many"));
    }

    [Fact]
    public void What_nobody_gives_is_told_when_all_is_given()
    {
        var definition = new FlowDefinition("search", _folder.File("flow.yml", "jtype: Flow\nexecutors:\n  - name: ${{ CONTEXT.name }}\n"));
        definition.SetContext("nam", "encoder");

        var fault = Assert.Throws<DistributedApplicationException>(definition.Complete);
        Assert.Contains(":3:11: executors.executor0.name: no context value 'name' is given", fault.Message, StringComparison.Ordinal);

        definition.SetContext("name", "encoder");
        definition.Complete();
    }

    [Theory]
    [InlineData("BaseExecutor")]
    [InlineData("docker://image")]
    [InlineData("flow.yml.d/")]
    public void What_an_executor_uses_is_there_or_is_no_path(string uses)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "flow.yml.d"));

        new FlowDefinition("search", _folder.File("flow.yml", "jtype: Flow\nexecutors: []\n")).CheckUses("upper", uses);
    }
}
