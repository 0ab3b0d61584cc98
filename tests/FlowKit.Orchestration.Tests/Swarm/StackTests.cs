using FlowKit.Configuration.Autoscaling;
using FlowKit.Orchestration.Launching.Containers;
using FlowKit.Runtime.Autoscaling;
using FlowKit.Specs.Running;
using FlowKit.TestKit;

namespace FlowKit.Orchestration.Swarm;

/// <summary>Stacks on a Swarm of this one machine: scaled by a load, and deployed so that what does not run goes back.</summary>
public sealed class StackTests : IClassFixture<EngineFixture>, IAsyncLifetime
{
    private const string Image = "flowkit-runtime:local";

    // Its network goes some time after the stack, and another of the same name would meet it.
    private readonly string _stack = $"flowkit-test-{Guid.NewGuid().ToString("N")[..8]}";
    private readonly TemporaryFolder _folder = new();
    private readonly Engine _engine = new("docker", "");
    private readonly List<string> _told = [];
    private OwnSwarm _swarm = null!;

    public async Task InitializeAsync() => _swarm = await OwnSwarm.InitAsync();

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return _swarm.LeaveAsync(_stack);
    }

    [EngineFact]
    public async Task Replicas_follow_the_load_that_gateways_see_and_stay_where_it_is_not_known()
    {
        Assert.True(_swarm.IsOurs, "this machine is in a Swarm already, which is left alone");
        await DeployAsync("sleep, infinity", TimeSpan.FromMinutes(3));
        var services = new SwarmServices(_engine, _stack);
        Func<IReadOnlyDictionary<string, PoolLoad>> load = () => new Dictionary<string, PoolLoad> { ["worker"] = new(8, TimeSpan.Zero, true) };
        using var stop = new CancellationTokenSource();
        var running = new StackAutoscaler(services, _ => Task.FromResult(load()), TimeProvider.System, Tell).RunAsync(stop.Token);

        await UntilAsync(services, 4);
        Assert.Contains($"{_stack}_worker: 1 → 4: 8 calls under way or waiting, 2 for each replica are the target", Told());
        load = () => throw new FlowKitException(FlowErrorCode.Unavailable, "no gateway answers");
        await TestTimeout.UntilAsync(() => Told().Contains("no gateway answers"), "what is not known told");
        await Task.Delay(TimeSpan.FromSeconds(4));
        Assert.Equal(4, (await services.ReadAsync(CancellationToken.None)).Single().Replicas);
        Assert.Equal(1, Told().Count(line => line == "no gateway answers"));
        load = () => new Dictionary<string, PoolLoad> { ["worker"] = new(1, TimeSpan.Zero, true) };

        await UntilAsync(services, 1);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(2, Told().Count(line => line.Contains('→', StringComparison.Ordinal)));
    }

    [EngineFact]
    public async Task What_does_not_run_goes_back_and_what_was_never_there_is_told()
    {
        Assert.True(_swarm.IsOurs, "this machine is in a Swarm already, which is left alone");
        Assert.Equal(
            FlowErrorCode.FailedPrecondition,
            (await Assert.ThrowsAsync<FlowKitException>(() => DeployAsync("sleep, infinity", TimeSpan.FromMinutes(3), "colour: red"))).Error.Code);
        var first = (await Assert.ThrowsAsync<FlowKitException>(() => DeployAsync("no-such-command", TimeSpan.FromSeconds(30)))).Message;
        Assert.Contains("there is no version before", first, StringComparison.Ordinal);
        Assert.Contains(Told(), line => line.Contains("no-such-command", StringComparison.Ordinal));

        await DeployAsync("sleep, infinity", TimeSpan.FromMinutes(3));

        // A new task starts before the old one ends, so that there may be two for a moment.
        Assert.Contains(Told(), line => line == $"{_stack}_worker 1/1" || line == $"{_stack}_worker 2/1");
        var second = (await Assert.ThrowsAsync<FlowKitException>(() => DeployAsync("bash, -c, exit 3", TimeSpan.FromMinutes(3)))).Message;

        Assert.Contains($"back to the version before: {_stack}_worker", second, StringComparison.Ordinal);
        await TestTimeout.UntilAsync(
            async () => (await EngineFixture.DockerAsync("service", "inspect", "--format", "{{.Spec.TaskTemplate.ContainerSpec.Args}}", $"{_stack}_worker")).Contains("sleep", StringComparison.Ordinal),
            "the version before");
    }

    private Task DeployAsync(string command, TimeSpan timeout, string more = "")
    {
        var labels = AutoscaleLabels.Write("worker", new AutoscaleConfig(1, 4) { StabilizationWindow = TimeSpan.FromSeconds(5) });
        var file = _folder.File("stack.yml", $$"""
            version: '3.8'
            services:
              worker:
                image: {{Image}}
                command: [{{command}}]
                {{more}}
                deploy:
                  replicas: 1
                  labels: {flowkit.executor: worker, flowkit.autoscale: '{{labels[AutoscaleLabels.Limits]}}'}
                  update_config: {order: start-first, failure_action: rollback, monitor: 10s}
                  restart_policy: {condition: any, delay: 1s}
            """);
        return new StackDeployment(_engine, _stack, TimeProvider.System, Tell).RunAsync(file, resolvesImages: false, timeout, CancellationToken.None);
    }

    private static Task UntilAsync(SwarmServices services, int replicas) => TestTimeout.UntilAsync(
        async () => (await services.ReadAsync(CancellationToken.None)).Single().Replicas == replicas, $"{replicas} replicas");

    private void Tell(string line)
    {
        lock (_told)
        {
            _told.Add(line);
        }
    }

    private List<string> Told()
    {
        lock (_told)
        {
            return [.. _told];
        }
    }
}
