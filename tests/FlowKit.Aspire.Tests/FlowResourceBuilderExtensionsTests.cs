using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using FlowKit.Specs.Running;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting;

public sealed class FlowResourceBuilderExtensionsTests : IDisposable
{
    private const string Flow = """
        jtype: Flow
        executors:
          - name: encoder
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly IDistributedApplicationBuilder _host;

    public FlowResourceBuilderExtensionsTests() => _host = Models.NewHost(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_flow_is_run_from_the_app_hosts_folder_at_the_port_that_it_is_given()
    {
        var file = _folder.File("flows/flow.yml", Flow);

        var flow = _host.AddFlow("search", "flows/flow.yml", port: 8080).Resource;
        Models.Allocate(flow.PrimaryEndpoint, 8080);

        Assert.Equal(("flowkit", Path.GetDirectoryName(file), file), (flow.Command, flow.WorkingDirectory, flow.Path));
        Assert.Equal($"run {file} --host 127.0.0.1 --port 8081", await Models.ArgumentsOfAsync(_host, flow));
        Assert.Equal(("http", 8080), (flow.PrimaryEndpoint.EndpointName, flow.PrimaryEndpoint.EndpointAnnotation.Port));
        Assert.Equal("search_http_/ready_200_check", Assert.Single(flow.Annotations.OfType<HealthCheckAnnotation>()).Key);
        Assert.Single(flow.Annotations.OfType<OtlpExporterAnnotation>());
    }

    [Fact]
    public async Task A_reference_tells_address_parts_and_service()
    {
        _folder.File("flow.yml", Flow);
        var flow = _host.AddFlow("search", "flow.yml");
        Models.Allocate(flow.Resource.PrimaryEndpoint, 8080);

        var shop = _host.AddExecutable("shop", "shop", ".").WithReference(flow).Resource;
        var other = _host.AddExecutable("other", "other", ".").WithReference(flow, "flow").Resource;

        var told = await Models.EnvironmentOfAsync(_host, shop);
        Assert.Equal("http://localhost:8080", told["ConnectionStrings__search"]);
        Assert.Equal("http://localhost:8080", told["services__search__http__0"]);
        Assert.Equal(
            ("localhost", "8080", "http://localhost:8080", "grpc://localhost:8080"),
            (told["SEARCH_HOST"], told["SEARCH_PORT"], told["SEARCH_URI"], told["SEARCH_GRPCURI"]));
        Assert.Equal("http://localhost:8080", (await Models.EnvironmentOfAsync(_host, other))["ConnectionStrings__flow"]);
    }

    [Fact]
    public async Task A_flow_with_a_certificate_is_reached_by_TLS()
    {
        _folder.File("server.pem", "");
        _folder.File("server.key", "");
        _folder.File("flow.yml", $"{Flow}\ngateway: {{ssl_certfile: server.pem, ssl_keyfile: server.key}}\n");

        var flow = _host.AddFlow("search", "flow.yml").Resource;
        Models.Allocate(flow.PrimaryEndpoint, 8443);

        Assert.Equal("https://localhost:8443", await flow.ConnectionStringExpression.GetValueAsync(CancellationToken.None));
        Assert.Equal("grpcs://localhost:8443", await flow.GrpcUriExpression.GetValueAsync(CancellationToken.None));
    }

    [Fact]
    public async Task What_the_app_host_sets_is_handed_on()
    {
        _folder.File("flow.yml", "jtype: Flow\nexecutors:\n  - name: ${{ CONTEXT.name }}\n    uses_with: {model: '${{ CONTEXT.model }}'}\n");
        _host.Configuration["Parameters:model"] = "small";

        var flow = _host.AddFlow("search", "flow.yml").WithContext("name", "encoder").WithContext("model", _host.AddParameter("model"))
            .WithSetting("executors.0.replicas", "2").WithWorkspace("files");
        Models.Allocate(flow.Resource.PrimaryEndpoint, 8080);

        Assert.EndsWith(
            $" --context name=encoder --context model=small --set executors.0.replicas=2 --workspace {Path.Combine(_folder.Path, "files")}",
            await Models.ArgumentsOfAsync(_host, flow.Resource),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_told()
    {
        var fault = Assert.Throws<DistributedApplicationException>(() => _host.AddFlow("search", "flow.yml"));

        Assert.Equal($"The flow 'search': there is no file {Path.Combine(_folder.Path, "flow.yml")}.", fault.Message);
    }

    [Fact]
    public async Task A_value_that_nobody_gives_ends_the_start()
    {
        _folder.File("flow.yml", "jtype: Flow\nexecutors:\n  - name: ${{ CONTEXT.name }}\n");
        _host.AddFlow("search", "flow.yml");
        await using var app = _host.Build();

        var fault = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => _host.Eventing.PublishAsync(new BeforeStartEvent(app.Services, app.Services.GetRequiredService<DistributedApplicationModel>())));

        Assert.Contains("no context value 'name' is given", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_that_does_not_fit_is_told()
    {
        _folder.File("flow.yml", Flow);
        var flow = _host.AddFlow("search", "flow.yml");

        var fault = Assert.Throws<DistributedApplicationException>(() => flow.WithSetting("executors.encodre.replicas", "2"));

        Assert.Contains("--set: executors.encodre.replicas: 'executors' has no 'encodre'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("encoder", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_none_is_told()
    {
        _folder.File("flow.yml", Flow);

        var fault = Assert.Throws<ArgumentException>(() => _host.AddFlow("my_flow", "flow.yml"));

        Assert.Contains("my_flow", fault.Message, StringComparison.Ordinal);
    }
}
