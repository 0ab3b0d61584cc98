using System.Diagnostics;
using FlowKit.Specs.Running;
using FlowKit.TestKit;
using FlowKit.Tests;

namespace FlowKit.Specs;

/// <summary>
/// <c>flowkit deploy</c> and <c>flowkit autoscale</c> at the command line, before commands that answer as kubectl and docker do: what
/// engines do with it is tried on real ones elsewhere.
/// </summary>
public sealed class DeployCommandSpecs : IDisposable
{
    private const string Kubectl = """
        #!/usr/bin/env bash
        cd "$(dirname "$0")"
        echo "$*" >>asked
        case "$1 $2" in
          'apply --server-side') touch applied; echo 'deployment.apps/upper serverside-applied' ;;
          'get --kustomize') [ ! -e applied ] || echo '{"kind": "Deployment", "metadata": {"name": "upper", "generation": 1}}' ;;
          'rollout status') echo 'deployment "upper" successfully rolled out' ;;
        esac
        """;

    private const string Docker = """
        #!/usr/bin/env bash
        cd "$(dirname "$0")"
        echo "$*" >>asked
        case "$1 $2" in
          'version --format') echo '{"Server": {"Os": "linux", "Arch": "amd64"}}' ;;
          'service ls') echo photos_encoder ;;
          'service inspect')
            echo '[{"Version": {"Index": 1}, "Spec": {"Name": "photos_encoder", "Mode": {"Replicated": {"Replicas": '"$(cat replicas)"'}}, "Labels": '"$(cat labels)"'}}]' ;;
          'service scale') echo "${4#*=}" >replicas ;;
        esac
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [UnixFact]
    public async Task A_flow_is_applied_to_a_cluster_and_waited_for()
    {
        var start = FlowKitCommand.StartInfo(
            "deploy", "kubernetes", Repository.At("flows", "hello", "flow.yml"), "--namespace", "words", "--output", Path.Combine(_folder.Path, "out"));
        Command("kubectl", Kubectl);
        start.Environment["PATH"] = $"{_folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";

        var result = await FlowKitCommand.RunAsync(start);

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains("successfully rolled out", result.Errors, StringComparison.Ordinal);
        Assert.Contains($"apply --server-side --kustomize {Path.Combine(_folder.Path, "out")}", Asked());
        Assert.Contains("rollout status deployment/upper --namespace words --watch=false", Asked());
        Assert.True(File.Exists(Path.Combine(_folder.Path, "out", "kustomization.yaml")));
    }

    [UnixFact]
    public async Task The_replicas_of_a_stack_follow_what_its_gateway_tells()
    {
        _folder.File("Slow.cs", """
            public sealed class Slow : Executor
            {
                [Requests("/run")]
                public async Task RunAsync(DocumentArray documents) => await Task.Delay(300);
            }
            """);
        await using var flow = await RunningFlow.StartAsync(
            _folder.File("flow.yml", "jtype: Flow\nexecutors:\n- {name: encoder, uses: Slow.cs}\n"), Path.Combine(_folder.Path, "workspace"));
        _folder.File("labels", """{"flowkit.executor": "encoder", "flowkit.autoscale": "{\"min\": 1, \"max\": 3, \"target\": 1}"}""");
        _folder.File("replicas", "1");
        var start = FlowKitCommand.StartInfo("autoscale", "photos", "--url", flow.Address);
        start.Environment["FLOWKIT_ENGINE"] = Command("docker", Docker);
        using var scaling = Process.Start(start)!;
        using var stop = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, 6).Select(_ => LoadAsync(flow.Http, stop.Token)));
        List<string?> told = [];
        try
        {
            // What it would say, and what it does; the change is told once the engine has made it.
            while (told is not [.., null] && !told.Exists(line => line!.Contains("→ 3", StringComparison.Ordinal)))
            {
                told.Add(await scaling.StandardError.ReadLineAsync().WithTimeout());
            }
        }
        finally
        {
            using var interrupt = Process.Start("kill", ["-INT", $"{scaling.Id}"]);
            await stop.CancelAsync();
            await load;
        }

        Assert.Equal("photos_encoder: 1, from 1 to 3", told[0]);
        Assert.Contains("1 for each replica are the target", told[^1], StringComparison.Ordinal);
        Assert.Equal("3", File.ReadAllText(Path.Combine(_folder.Path, "replicas")).Trim());
    }

    [UnixTheory]
    [InlineData("{}", "http://localhost:1", 1, "No service of this stack has limits")]
    [InlineData("{}", "localhost", 2, "--url: expected an address such as http://localhost:8080.")]
    public async Task What_cannot_follow_anything_is_an_error(string labels, string url, int code, string message)
    {
        _folder.File("labels", labels);
        _folder.File("replicas", "1");
        var start = FlowKitCommand.StartInfo("autoscale", "photos", "--url", url);
        start.Environment["FLOWKIT_ENGINE"] = Command("docker", Docker);

        var result = await FlowKitCommand.RunAsync(start);

        Assert.Equal(code, result.ExitCode);
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
    }

    private static async Task LoadAsync(HttpClient http, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                using var content = new StringContent("""{"data": [{}], "execEndpoint": "/run"}""", System.Text.Encoding.UTF8, "application/json");
                using var response = await http.PostAsync("/post", content, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
    }

    private string Command(string name, string text)
    {
        var path = _folder.File(name, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return path;
    }

    private string[] Asked() => File.ReadAllLines(Path.Combine(_folder.Path, "asked"));
}
