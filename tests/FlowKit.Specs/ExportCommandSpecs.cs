using FlowKit.Specs.Running;

namespace FlowKit.Specs;

/// <summary><c>flowkit export</c>, as a person at a terminal meets it.</summary>
public sealed class ExportCommandSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Kubernetes_is_told_what_is_written_and_what_is_to_be_given()
    {
        var told = await RunAsync(
            0,
            "kubernetes",
            _folder.Path,
            Repository.At("flows", "photos-postgres", "flow.yml"),
            "--namespace",
            "pictures",
            "--gateway-replicas",
            "3",
            "--target-in-flight",
            "4",
            "--keda",
            "http://prometheus.monitoring:9090",
            "--ingress-host",
            "photos.example.com");

        Assert.Contains(Path.Combine(_folder.Path, "kustomization.y"), told, StringComparison.Ordinal);
        Assert.Contains("DATABASE_URL, which no file holds", told, StringComparison.Ordinal);
        var all = string.Concat(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(File.ReadAllText));
        Assert.Contains("namespace: pictures", all, StringComparison.Ordinal);
        Assert.Contains("kind: ScaledObject", all, StringComparison.Ordinal);
        Assert.Contains("photos.example.com", all, StringComparison.Ordinal);
        Assert.Contains("http://prometheus.monitoring:9090", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Swarm_and_compose_tell_the_images_that_are_to_be_built_and_the_variables()
    {
        var swarm = await RunAsync(
            0, "swarm", Path.Combine(_folder.Path, "swarm"), Repository.At("flows", "hello", "flow.yml"), "--gateway-replicas", "2", "--host-ports");
        var compose = await RunAsync(
            0, "compose", Path.Combine(_folder.Path, "compose"), Repository.At("flows", "photos-postgres", "flow.yml"), "--image", "own:1");

        Assert.Contains("To build: flowkit build ", swarm, StringComparison.Ordinal);
        Assert.Contains("mode: host", File.ReadAllText(Path.Combine(_folder.Path, "swarm", "stack.yml")), StringComparison.Ordinal);
        Assert.Contains("To give: the variable DATABASE_URL", compose, StringComparison.Ordinal);
        Assert.Contains("own:1", File.ReadAllText(Path.Combine(_folder.Path, "compose", "docker-compose.yml")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_address_and_what_cannot_be_exported_is_an_error()
    {
        var hello = Repository.At("flows", "hello", "flow.yml");
        Assert.Contains("--keda: expected an address", await RunAsync(2, "kubernetes", _folder.Path, hello, "--keda", "prometheus"), StringComparison.Ordinal);
        var own = _folder.File("flow.yml", "jtype: Flow\nexecutors:\n  - name: own\n    uses: nuget://Own@1.0.0\n");
        Assert.Contains("flow.yml:4:", await RunAsync(1, "compose", Path.Combine(_folder.Path, "out"), own), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deployment_without_its_engine_and_a_gateway_that_is_no_address_are_errors()
    {
        var hello = Repository.At("flows", "hello", "flow.yml");

        // Without an engine, with one that is no manager, and with a manager that has no such stack.
        Assert.Matches("error: .*(engine|service ls)", await RunCommandAsync(1, "autoscale", "no-such-stack"));
        Assert.Contains("--url: expected an address", await RunCommandAsync(2, "autoscale", "photos", "--url", "gateway"), StringComparison.Ordinal);
        Assert.Contains("--timeout: expected a number of seconds", await RunCommandAsync(2, "deploy", "swarm", "photos", hello, "--timeout", "-1"), StringComparison.Ordinal);
        var own = _folder.File("flow.yml", "jtype: Flow\nexecutors:\n  - name: own\n    uses: nuget://Own@1.0.0\n");
        Assert.Contains("flow.yml:4:", await RunCommandAsync(1, "deploy", "kubernetes", own), StringComparison.Ordinal);
    }

    private static Task<string> RunAsync(int exitCode, params string[] arguments) => RunCommandAsync(exitCode, ["export", .. arguments]);

    private static async Task<string> RunCommandAsync(int exitCode, params string[] arguments)
    {
        var result = await FlowKitCommand.RunAsync(arguments);
        Assert.True(result.ExitCode == exitCode, $"{string.Join(' ', arguments)}: {result.ExitCode}\n{result.Output}{result.Errors}");
        return result.Output + result.Errors;
    }
}
