using FlowKit.Orchestration.Launching.Containers;

namespace FlowKit.Orchestration.Swarm;

/// <summary>
/// Deploys a stack and waits until every service runs as it is to. Where one does not, all that were changed go back to the version before,
/// so that no mixture of versions is left.
/// </summary>
/// <param name="engine">The engine, of a manager.</param>
/// <param name="stack">The stack's name.</param>
/// <param name="time">Time.</param>
/// <param name="tell">Told of the progress.</param>
internal sealed class StackDeployment(Engine engine, string stack, TimeProvider time, Action<string> tell)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <summary>The time within which the engine begins an update: until then it tells of none, and the old tasks run.</summary>
    private static readonly TimeSpan s_beginning = TimeSpan.FromSeconds(3);

    private static readonly string?[] s_failed = ["paused", "rollback_started", "rollback_paused", "rollback_completed"];

    private readonly SwarmServices _services = new(engine, stack);
    private string? _told;

    /// <summary>Deploys.</summary>
    /// <param name="file">The stack's file.</param>
    /// <param name="resolvesImages">Whether a registry is asked for the images.</param>
    /// <param name="timeout">The time that it may take until all run.</param>
    /// <param name="cancellationToken">Ends the wait; what is deployed stays.</param>
    /// <exception cref="FlowKitException">The engine refuses the stack, or it does not run.</exception>
    public async Task RunAsync(string file, bool resolvesImages, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var before = await ReadBeforeAsync(cancellationToken);
        string[] deploy =
        [
            "stack", "deploy", "--detach=true", "--with-registry-auth", "--resolve-image", resolvesImages ? "always" : "never",
            "--compose-file", file, stack,
        ];
        var answer = await engine.RunAsync(deploy, cancellationToken);
        if (answer.ExitCode != 0)
        {
            throw new FlowKitException(FlowErrorCode.FailedPrecondition, $"The stack '{stack}' is refused: {answer.LastError}");
        }

        var began = time.GetTimestamp();
        while (true)
        {
            var now = await _services.ReadAsync(cancellationToken);
            var changed = now.Where(service => !before.TryGetValue(service.Name, out var old) || old.Version != service.Version).ToList();
            if (await FindFailureAsync(now, changed, time.GetElapsedTime(began) > timeout, cancellationToken) is { } failure)
            {
                await GoBackAsync(changed, before, failure, cancellationToken);
            }

            var isBegun = before.Count == 0 || time.GetElapsedTime(began) > s_beginning;
            if (await RunAllAsync(now, cancellationToken) && isBegun && now.All(IsSettled))
            {
                return;
            }

            await Task.Delay(s_interval, time, cancellationToken);
        }
    }

    private static bool IsSettled(SwarmService service) => service.UpdateState is null or "completed" or "rollback_completed";

    private async Task<IReadOnlyDictionary<string, SwarmService>> ReadBeforeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await _services.ReadAsync(cancellationToken)).ToDictionary(service => service.Name, StringComparer.Ordinal);
        }
        catch (FlowKitException exception) when (exception.Error.Code == FlowErrorCode.NotFound)
        {
            return new Dictionary<string, SwarmService>();
        }
    }

    private async Task<bool> RunAllAsync(IReadOnlyList<SwarmService> services, CancellationToken cancellationToken)
    {
        var running = await _services.CountRunningAsync(cancellationToken);
        var progress = string.Join(
            ", ", services.Select(service => $"{service.Name} {running.GetValueOrDefault(service.Name)}/{service.Replicas}"));
        if (progress != _told)
        {
            tell(_told = progress);
        }

        return services.All(service => running.GetValueOrDefault(service.Name) >= service.Replicas);
    }

    /// <summary>
    /// Finds why it failed: an engine goes back by itself, or stops an update, when new tasks fail; one that only waits is given up after a
    /// time.
    /// </summary>
    private async Task<string?> FindFailureAsync(
        IReadOnlyList<SwarmService> all, List<SwarmService> changed, bool isLate, CancellationToken cancellationToken)
    {
        if (changed.Find(service => s_failed.Contains(service.UpdateState)) is { } failed)
        {
            return $"{failed.Name}: {failed.UpdateMessage}";
        }

        if (!isLate)
        {
            return null;
        }

        var running = await _services.CountRunningAsync(cancellationToken);
        var missing = all.Where(service => running.GetValueOrDefault(service.Name) < service.Replicas || !IsSettled(service));
        return $"not ready in time: {string.Join(", ", missing.Select(service => service.Name))}";
    }

    private async Task GoBackAsync(
        List<SwarmService> changed, IReadOnlyDictionary<string, SwarmService> before, string failure,
        CancellationToken cancellationToken)
    {
        var errors = await _services.FindErrorsAsync(cancellationToken);
        foreach (var error in errors)
        {
            tell(error);
        }

        List<string> back = [];
        foreach (var service in changed.Where(service => before.ContainsKey(service.Name)))
        {
            // One that the engine takes back by itself must not be taken back twice: that would be the new version again.
            if (service is { HasPrevious: true, UpdateState: not ("rollback_started" or "rollback_completed" or "rollback_paused") })
            {
                await _services.RollBackAsync(service.Name, cancellationToken);
            }

            back.Add(service.Name);
        }

        throw new FlowKitException(
            FlowErrorCode.Unavailable,
            back.Count > 0
                ? $"The stack '{stack}' does not run ({failure}); back to the version before: {string.Join(", ", back)}."
                : $"The stack '{stack}' does not run ({failure}); there is no version before. docker stack rm {stack} removes it.");
    }
}
