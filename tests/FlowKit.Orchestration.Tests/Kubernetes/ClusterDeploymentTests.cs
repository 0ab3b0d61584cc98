using FlowKit.Orchestration.Launching.Containers;
using FlowKit.Specs.Running;
using FlowKit.Tests;

namespace FlowKit.Orchestration.Kubernetes;

/// <summary>
/// A deployment to Kubernetes against a command that answers as kubectl does, from files: no cluster runs here. What it is asked is kept.
/// </summary>
public sealed class ClusterDeploymentTests : IDisposable
{
    private const string Kubectl = """
        #!/usr/bin/env bash
        cd "$(dirname "$0")"
        echo "$*" >>asked
        case "$1 $2" in
          'apply --server-side') [ ! -e refused ] || { echo 'error: it is refused' >&2; exit 1; }; touch applied; echo 'deployment.apps/encoder serverside-applied' ;;
          'get --kustomize') if [ -e applied ]; then cat after 2>/dev/null; else cat before 2>/dev/null; fi; true ;;
          'rollout status')
            if [ -e stuck ]; then echo 'error: deployment "encoder" exceeded its progress deadline' >&2; exit 1; fi
            if [ -e "seen-${3#*/}" ] && [ ! -e slow ]; then echo "deployment \"$3\" successfully rolled out"; else touch "seen-${3#*/}"; echo "Waiting for $3: 0 of 1 updated replicas are available..."; fi ;;
          'rollout undo') echo "$3 rolled back" ;;
        esac
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _told = [];
    private readonly Engine _kubectl;

    public ClusterDeploymentTests()
    {
        var command = _folder.File("kubectl", Kubectl);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(command, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        _kubectl = new Engine(command, "");
    }

    public void Dispose() => _folder.Dispose();

    [UnixFact]
    public async Task It_applies_and_waits_until_all_are_rolled_out()
    {
        _folder.File("after", Objects(("Deployment", "encoder", 1), ("StatefulSet", "index", 1), ("Service", "encoder", 0)));

        await RunAsync(TimeSpan.FromMinutes(1));

        var asked = Asked();
        Assert.Contains("apply --server-side --kustomize out", asked);
        Assert.Contains("rollout status statefulset/index --namespace photos --watch=false", asked);
        Assert.DoesNotContain(asked, line => line.Contains("undo", StringComparison.Ordinal) || line.Contains("service/", StringComparison.Ordinal));
        Assert.Contains("Waiting for deployment/encoder: 0 of 1 updated replicas are available...", _told);
        Assert.Contains("deployment \"deployment/encoder\" successfully rolled out", _told);
    }

    [UnixFact]
    public async Task What_was_changed_goes_back_where_one_is_not_rolled_out()
    {
        _folder.File("before", Objects(("Deployment", "encoder", 3), ("Deployment", "gateway", 7)));
        _folder.File("after", Objects(("Deployment", "encoder", 4), ("Deployment", "gateway", 7), ("Deployment", "new", 1)));
        _folder.File("stuck", "");

        var message = (await Assert.ThrowsAsync<FlowKitException>(() => RunAsync(TimeSpan.FromMinutes(1)))).Message;

        Assert.Contains("exceeded its progress deadline", message, StringComparison.Ordinal);
        Assert.EndsWith("back to the revision before: deployment/encoder.", message, StringComparison.Ordinal);
        Assert.Equal(["rollout undo deployment/encoder --namespace photos"], Asked().Where(line => line.StartsWith("rollout undo", StringComparison.Ordinal)));
    }

    [UnixFact]
    public async Task One_that_only_waits_is_given_up_after_a_time_and_where_nothing_was_before_that_is_told()
    {
        _folder.File("after", """{"kind": "Deployment", "metadata": {"name": "encoder", "generation": 1}}""");
        _folder.File("slow", "");

        Assert.EndsWith(
            "there is no revision before.", (await Assert.ThrowsAsync<FlowKitException>(() => RunAsync(TimeSpan.FromSeconds(1)))).Message, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task What_the_cluster_refuses_is_told_in_its_words()
    {
        _folder.File("refused", "");

        Assert.Contains("apply --server-side' failed: error: it is refused", (await Assert.ThrowsAsync<FlowKitException>(() => RunAsync(TimeSpan.FromMinutes(1)))).Message, StringComparison.Ordinal);
    }

    private static string Objects(params (string Kind, string Name, int Generation)[] objects) =>
        $$"""{"kind": "List", "items": [{{string.Join(", ", objects.Select(item => $$$"""{"kind": "{{{item.Kind}}}", "metadata": {"name": "{{{item.Name}}}", "generation": {{{item.Generation}}}}}"""))}}]}""";

    private Task RunAsync(TimeSpan timeout) =>
        new ClusterDeployment(_kubectl, "photos", TimeProvider.System, _told.Add).RunAsync("out", timeout, CancellationToken.None);

    private string[] Asked() => File.ReadAllLines(Path.Combine(_folder.Path, "asked"));
}
