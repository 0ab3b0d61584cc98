using System.Text.Json.Nodes;
using FlowKit.Orchestration.Launching.Containers;

namespace FlowKit.Orchestration.Kubernetes;

/// <summary>
/// Applies an exported flow to a cluster and waits until every workload is rolled out. Where one is not, all that were changed go back to
/// the revision before.
/// </summary>
/// <param name="kubectl">The command of Kubernetes.</param>
/// <param name="scope">The namespace.</param>
/// <param name="time">Time.</param>
/// <param name="tell">Told of the progress.</param>
internal sealed class ClusterDeployment(Engine kubectl, string scope, TimeProvider time, Action<string> tell)
{
    /// <summary>The name of the command.</summary>
    public const string Command = "kubectl";

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private static readonly string[] s_kinds = ["Deployment", "StatefulSet"];
    private static readonly string[] s_done = ["successfully rolled out", "roll out complete", "rolling update complete"];

    private readonly Dictionary<string, string> _told = new(StringComparer.Ordinal);

    /// <summary>Deploys.</summary>
    /// <param name="folder">The folder with the kustomization.</param>
    /// <param name="timeout">The time that it may take until all are rolled out.</param>
    /// <param name="cancellationToken">Ends the wait; what is applied stays.</param>
    /// <exception cref="FlowKitException">The cluster refuses an object, or a workload is not rolled out.</exception>
    public async Task RunAsync(string folder, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var before = await ReadAsync(folder, cancellationToken);
        tell(await AskAsync(["apply", "--server-side", "--kustomize", folder], cancellationToken));
        var after = await ReadAsync(folder, cancellationToken);
        var waiting = after.Keys.ToList();
        var began = time.GetTimestamp();
        while (waiting.Count > 0)
        {
            foreach (var workload in waiting.ToList())
            {
                var answer = await kubectl.RunAsync(Rollout("status", workload, "--watch=false"), cancellationToken);
                var said = answer.ExitCode == 0 ? answer.Output.Trim() : answer.LastError;
                Tell(workload, said);
                if (answer.ExitCode != 0 || time.GetElapsedTime(began) > timeout)
                {
                    await GoBackAsync(before, after, $"{workload}: {said}", cancellationToken);
                }

                if (Array.Exists(s_done, words => said.Contains(words, StringComparison.Ordinal)))
                {
                    waiting.Remove(workload);
                }
            }

            if (waiting.Count > 0)
            {
                await Task.Delay(s_interval, time, cancellationToken);
            }
        }
    }

    /// <summary>Reads the generation of each workload that is there, which every change of it raises.</summary>
    private async Task<IReadOnlyDictionary<string, long>> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        var told = await AskAsync(["get", "--kustomize", folder, "--ignore-not-found", "--output", "json"], cancellationToken);
        if (string.IsNullOrWhiteSpace(told))
        {
            return new Dictionary<string, long>();
        }

        var found = JsonNode.Parse(told)!;
        var objects = found["items"]?.AsArray().OfType<JsonNode>() ?? [found];
        return objects.Where(item => s_kinds.Contains((string?)item["kind"], StringComparer.Ordinal)).ToDictionary(
            item => $"{((string)item["kind"]!).ToLowerInvariant()}/{item["metadata"]!["name"]}",
            item => (long?)item["metadata"]!["generation"] ?? 0,
            StringComparer.Ordinal);
    }

    private async Task GoBackAsync(
        IReadOnlyDictionary<string, long> before, IReadOnlyDictionary<string, long> after, string failure,
        CancellationToken cancellationToken)
    {
        List<string> back = [];
        foreach (var (workload, generation) in after)
        {
            if (before.TryGetValue(workload, out var old) && old != generation)
            {
                Tell(workload, await AskAsync(Rollout("undo", workload), cancellationToken));
                back.Add(workload);
            }
        }

        throw new FlowKitException(
            FlowErrorCode.Unavailable,
            back.Count > 0
                ? $"The flow is not rolled out ({failure}); back to the revision before: {string.Join(", ", back)}."
                : $"The flow is not rolled out ({failure}); there is no revision before.");
    }

    private IReadOnlyList<string> Rollout(string what, string workload, params string[] more) =>
        ["rollout", what, workload, "--namespace", scope, .. more];

    private void Tell(string workload, string said)
    {
        if (said.Trim() is var text && text != _told.GetValueOrDefault(workload))
        {
            _told[workload] = text;
            tell(text);
        }
    }

    private async Task<string> AskAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var answer = await kubectl.RunAsync(arguments, cancellationToken);
        return answer.ExitCode == 0
            ? answer.Output.Trim()
            : throw new FlowKitException(
                FlowErrorCode.FailedPrecondition, $"'{kubectl.Command} {string.Join(' ', arguments.Take(2))}' failed: {answer.LastError}");
    }
}
