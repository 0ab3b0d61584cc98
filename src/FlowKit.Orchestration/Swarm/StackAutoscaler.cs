using FlowKit.Configuration.Autoscaling;
using FlowKit.Runtime.Autoscaling;

namespace FlowKit.Orchestration.Swarm;

/// <summary>
/// Has the replicas of a stack's services follow the load that their gateways see, by the decisions of a flow on one machine.
/// </summary>
/// <param name="services">The stack's services.</param>
/// <param name="loads">The gateways' loads.</param>
/// <param name="time">Time.</param>
/// <param name="tell">Told of every change and every failure.</param>
internal sealed class StackAutoscaler(
    SwarmServices services, Func<CancellationToken, Task<IReadOnlyDictionary<string, PoolLoad>>> loads, TimeProvider time,
    Action<string> tell)
{
    /// <summary>The number of times that the load is read before each decision.</summary>
    public const int SamplesPerDecision = 4;

    /// <summary>The time between two looks at the load.</summary>
    public static readonly TimeSpan SampleInterval = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, (AutoscaleConfig Limits, AutoscalePolicy Policy)> _policies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PoolLoad> _gathered = new(StringComparer.Ordinal);
    private string? _told;

    /// <summary>Goes on until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(SampleInterval, time);
        while (true)
        {
            try
            {
                await DecideAsync(timer, cancellationToken);
                _told = null;
            }
            catch (FlowKitException exception) when (exception.Message != _told)
            {
                // What goes on is told once. Nothing is changed meanwhile: a load that is not known is no reason to.
                tell(_told = exception.Message);
            }
            catch (FlowKitException)
            {
                _gathered.Clear();
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private async Task DecideAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        _gathered.Clear();
        for (var sample = 0; sample < SamplesPerDecision; sample++)
        {
            foreach (var (name, load) in await loads(cancellationToken))
            {
                _gathered[name] = _gathered.GetValueOrDefault(name).Plus(load);
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }

        foreach (var service in await services.ReadAsync(cancellationToken))
        {
            if (service is { Executor: { } executor, Limits: { } limits } && _gathered.TryGetValue(executor, out var sum))
            {
                await DecideAsync(service, limits, sum with { InFlight = sum.InFlight / SamplesPerDecision }, cancellationToken);
            }
        }
    }

    private async Task DecideAsync(SwarmService service, AutoscaleConfig limits, PoolLoad load, CancellationToken cancellationToken)
    {
        if (!_policies.TryGetValue(service.Name, out var known) || known.Limits != limits)
        {
            _policies[service.Name] = known = (limits, new AutoscalePolicy(limits, time));
        }

        var decision = known.Policy.Decide(service.Replicas, load);
        if (decision.Replicas != service.Replicas)
        {
            await services.ScaleAsync(service.Name, decision.Replicas, cancellationToken);
            tell($"{service.Name}: {service.Replicas} → {decision.Replicas}: {decision.Reason}");
        }
    }
}
