using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using FlowKit.Components;
using FlowKit.Components.Schemas;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Flow;
using FlowKit.Graph;
using FlowKit.Runtime.Autoscaling;
using FlowKit.Runtime.Executors;
using FlowKit.Runtime.Requests;
using FlowKit.Runtime.Stages;
using FlowKit.Telemetry;
using FlowKit.Telemetry.Jina;
using Microsoft.Extensions.Logging;

namespace FlowKit.Runtime;

/// <summary>
/// A running flow. Started downstream first, so that every consumer is there before its producer; stopped upstream first, so that
/// every stage drains into the next and no accepted request is lost.
/// </summary>
public sealed partial class FlowRuntime : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly AdmissionGate _gate;
    private readonly FlowDeployer _deployer;
    private readonly FlowSnapshots _snapshots;
    private readonly FloatingRequests _floating;
    private readonly CancellationTokenSource _abort = new();
    private readonly RequestStarter _starter;
    private readonly ILogger _logger;
    private readonly FlowInstruments _instruments;
    private readonly Lock _stopping = new();
    private bool _isStarting;
    private Task? _stopped;

    private FlowRuntime(FlowConfig config, FlowHost host)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(host);
        _time = host.TimeProvider;
        _gate = new AdmissionGate(config.Gateway.Capacity, new MemoryBudget(config.Gateway.Memory, _time), _time);
        _logger = host.Loggers.CreateLogger<FlowRuntime>();
        _floating = new FloatingRequests(_time, _logger, _abort.Token);
        _deployer = new FlowDeployer(config, host, _gate, _floating, _logger);
        _starter = new RequestStarter(_deployer, Journal = new FlowJournal(_time), _time, _abort.Token);
        _snapshots = new FlowSnapshots(_deployer);
        _instruments = FlowInstruments.Watch(this, config.Name ?? "flow");
        Readiness = new FlowReadiness(_deployer, _gate);
        Operations = new FlowOperations(_deployer);
        Autoscaler = new Autoscaler(_deployer, _time, _logger);
        _deployer.Applied = Autoscaler.Start;
    }

    /// <summary>The flow as a graph.</summary>
    public FlowGraph Graph => _deployer.Pipeline.Graph;

    /// <summary>Requests in the flow now, floating ones left out.</summary>
    public int InFlight => _gate.InFlight;

    /// <summary>The memory for all requests.</summary>
    public MemoryBudget Memory => _gate.Memory;

    /// <summary>The time that a request may take whose caller does not say; <see langword="null"/> for as long as it takes.</summary>
    public TimeSpan? TimeoutSend => _deployer.Config.Gateway.TimeoutSend;

    /// <summary>Completes when the flow must not go on: an executor threw what <c>exit_on_exceptions</c> names.</summary>
    public Task<FlowError> Ended => _deployer.Ended;

    /// <summary>
    /// Every endpoint that an executor names, and the executors that work on it, in the order of the graph: those whose default method
    /// answers it among them; those that only let it pass left out where others do more. The default is
    /// <see cref="RequestsAttribute.Default"/>. Jina's readiness probe is left out: programs ask for it, people do not.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Endpoints => FlowSchemas.EndpointsOf(Deployments);

    /// <summary>Describes the endpoints as Jina's discovery does, and its readiness probe.</summary>
    internal IReadOnlyDictionary<string, EndpointSchema> Schemas => FlowSchemas.Of(Endpoints.Keys, Deployments);

    /// <summary>The number of requests that wait before each executor.</summary>
    public IReadOnlyDictionary<string, int> QueueDepths => Deployments
        .ToDictionary(deployment => deployment.Name, deployment => deployment.Pools.Sum(pool => pool.Depth), StringComparer.Ordinal);

    /// <summary>The health of each executor and each of its shards, in the order of the graph.</summary>
    public IReadOnlyList<PoolHealth> Health =>
        [.. Pools.Select(pool => pool.Health with { Autoscale = Autoscaler.Find(pool.Name) })];

    /// <summary>Tells orchestrators whether the flow has started and serves.</summary>
    public FlowReadiness Readiness { get; }

    /// <summary>The changes that an operator makes beside scaling.</summary>
    internal FlowOperations Operations { get; }

    /// <summary>The requests of late.</summary>
    internal FlowJournal Journal { get; }

    /// <summary>Tells whether every executor has at least one replica that serves.</summary>
    public bool IsHealthy =>
        _gate.IsOpen && Pools.All(pool => pool.Health is { IsOpen: false } and ({ Ready: > 0 } or { Replicas: 0 }));

    /// <summary>Tells whether the documents of a request are looked at where it enters.</summary>
    internal bool ReadsDocuments => _deployer.Pipeline.Entry.ReadsDocuments;

    /// <summary>Tells whether an executor keeps state.</summary>
    public bool HasState => _snapshots.HasState;

    /// <summary>The folder under which each executor has its own.</summary>
    public string Workspace => _deployer.Host.Workspace;

    /// <summary>The executors that the flow may use.</summary>
    internal ComponentCatalog Catalog => _deployer.Host.Catalog;

    /// <summary>The instruments under Jina's names.</summary>
    internal JinaMeters Meters => _deployer.Meters;

    /// <summary>The replicas that follow the load.</summary>
    internal Autoscaler Autoscaler { get; }

    private Deployment[] Deployments => _deployer.Pipeline.Ordered;

    private IEnumerable<ExecutorPool> Pools => Deployments.SelectMany(deployment => deployment.Pools);

    /// <summary>Tells whether any executor answers an endpoint.</summary>
    /// <param name="endpoint">For example <c>/search</c>.</param>
    public bool Answers(string endpoint) => Array.Exists(Deployments, deployment => deployment.Shards[0].Find(endpoint) is not null);

    /// <summary>Tells whether an executor that answers an endpoint reads a parameter; <see langword="null"/> when one may.</summary>
    internal bool? Reads(string endpoint, string parameter) => ParameterCheck.Reads(endpoint, parameter, Deployments);

    /// <summary>Tells whether an endpoint changes what an executor keeps.</summary>
    /// <param name="endpoint">For example <c>/index</c>.</param>
    internal bool Writes(string endpoint) =>
        Array.Exists(Deployments, deployment => deployment.Shards[0].Writes(endpoint));

    /// <summary>Checks everything that can be checked without loading: names, options, endpoints, the graph.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="catalog">The known executors.</param>
    /// <exception cref="FlowConfigException">All mistakes at once.</exception>
    public static void Check(FlowConfig config, ComponentCatalog catalog)
    {
        _ = FlowGraphBuilder.Build(config);
        CheckExecutors(config, catalog, _ => { });
    }

    /// <summary>Checks the executors of a flow by themselves, and looks for what their options name.</summary>
    /// <exception cref="FlowConfigException">All mistakes at once.</exception>
    internal static void CheckExecutors(FlowConfig config, ComponentCatalog catalog, Action<ExecutorConfig> building) =>
        DeploymentPlan.Of(config, catalog, null, building, looksUp: true, CancellationToken.None);

    /// <summary>Loads all executors and starts all stages.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="host">What the program gives.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="FlowConfigException">The configuration names or sets something that is not there.</exception>
    /// <exception cref="FlowKitException">An executor did not start.</exception>
    public static async Task<FlowRuntime> StartAsync(FlowConfig config, FlowHost host, CancellationToken cancellationToken)
    {
        var runtime = Create(config, host);
        try
        {
            await runtime.StartAsync(cancellationToken);
            return runtime;
        }
        catch
        {
            await runtime.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Makes a flow that is not started: it refuses requests until <see cref="StartAsync(CancellationToken)"/> has loaded its executors.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <param name="host">What the program gives.</param>
    public static FlowRuntime Create(FlowConfig config, FlowHost host) => new(config, host);

    /// <summary>Loads all executors, starts all stages, and accepts requests from then on.</summary>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="FlowConfigException">The configuration names or sets something that is not there.</exception>
    /// <exception cref="FlowKitException">An executor did not start.</exception>
    /// <exception cref="InvalidOperationException">The flow has been started, or stopped, before.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isStarting, true) || _stopped is not null)
        {
            throw new InvalidOperationException("A flow is started once; make another one to start again.");
        }

        await _deployer.StartAsync(cancellationToken);
        _gate.Open();
        Autoscaler.Start();
    }

    /// <summary>Sends a request through the flow. The answer is always a reply: refusals, deadlines and failures are its error.</summary>
    /// <param name="call">The request.</param>
    /// <param name="cancellationToken">Ends when the caller has gone.</param>
    public Task<FlowResponse> SendAsync(FlowRequest call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        return _gate.TryEnter() is { } refusal
            ? Task.FromResult(Refuse(refusal))
            : PassAsync(call, new RequestPermits(_starter.EnterPipeline(), _gate), cancellationToken);
    }

    /// <summary>Sends a request that has its place already; see <see cref="TryAdmit"/>.</summary>
    /// <param name="call">The request.</param>
    /// <param name="permit">Its place, which stays the caller's to give back.</param>
    /// <param name="cancellationToken">Ends when the caller has gone.</param>
    public Task<FlowResponse> SendAsync(FlowRequest call, AdmissionPermit permit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(permit);
        return PassAsync(call, new RequestPermits(_starter.EnterPipeline(), null, permit), cancellationToken);
    }

    /// <summary>Takes a place in the flow before anything of the request is read, so that what is refused costs nothing.</summary>
    /// <param name="permit">The place.</param>
    /// <param name="refusal">Why there is none, and when to come again.</param>
    /// <returns>Whether there was a place.</returns>
    public bool TryAdmit(
        [NotNullWhen(true)] out AdmissionPermit? permit,
        [NotNullWhen(false)] out FlowError? refusal)
    {
        refusal = _gate.TryEnterWithMemory();
        permit = refusal is null ? new AdmissionPermit(_gate, _time.GetTimestamp()) : null;
        return refusal is null;
    }

    /// <summary>
    /// Sends a request through the flow and gives its documents as they come; leaving the enumeration cancels the request.
    /// </summary>
    /// <param name="call">The request.</param>
    /// <param name="cancellationToken">Ends when the caller has gone.</param>
    /// <exception cref="FlowKitException">The request was refused or failed, perhaps after some documents.</exception>
    public IAsyncEnumerable<Document> StreamAsync(FlowRequest call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        return TryAdmit(out var permit, out var refusal)
            ? StreamAsync(call, permit, cancellationToken)
            : throw new FlowKitException(refusal);
    }

    /// <summary>Streams a request that has its place already.</summary>
    /// <param name="call">The request.</param>
    /// <param name="permit">Its place, given back at the end.</param>
    /// <param name="cancellationToken">Ends when the caller has gone.</param>
    /// <exception cref="FlowKitException">The request failed, perhaps after some documents.</exception>
    public async IAsyncEnumerable<Document> StreamAsync(
        FlowRequest call, AdmissionPermit permit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var streamed in StreamWithRoutesAsync(call, permit, cancellationToken).ConfigureAwait(false))
        {
            yield return streamed.Document;
        }
    }

    /// <summary>Streams a request that has its place already, each document with the hops until then.</summary>
    internal IAsyncEnumerable<StreamedDocument> StreamWithRoutesAsync(
        FlowRequest call, AdmissionPermit permit, CancellationToken cancellationToken) =>
        _starter.StreamAsync(call, permit, cancellationToken);

    /// <summary>Changes how many replicas of an executor, in each of its shards, serve. Those that go finish their call first.</summary>
    /// <param name="executor">The executor's name.</param>
    /// <param name="replicas">1 to <see cref="ExecutorConfig.MaxReplicas"/>.</param>
    /// <param name="cancellationToken">Ends the wait for new replicas to load.</param>
    /// <exception cref="FlowKitException">
    /// There is no such executor, the number is out of range, or a new replica did not start.
    /// </exception>
    public Task ScaleAsync(string executor, int replicas, CancellationToken cancellationToken) =>
        _deployer.ScaleAsync(executor, replicas, cancellationToken);

    /// <summary>
    /// Makes the flow what another configuration says, without losing a request: executors that are the same serve on, changed ones are
    /// replaced one replica after another, new ones are loaded before the first request goes to them, and those left out end after their
    /// last. What the gateway listens on stays as it is.
    /// </summary>
    /// <param name="config">The new configuration.</param>
    /// <param name="cancellationToken">Ends the wait for executors to load.</param>
    /// <exception cref="FlowConfigException">It names or sets something that is not there; the flow serves on as before.</exception>
    /// <exception cref="FlowKitException">
    /// An executor did not start; the flow serves on as before, but for executors already replaced.
    /// </exception>
    public Task ApplyAsync(FlowConfig config, CancellationToken cancellationToken) => _deployer.ApplyAsync(config, cancellationToken);

    /// <summary>
    /// Writes the state of every executor that keeps one into <c>&lt;folder&gt;/&lt;executor&gt;/&lt;shard&gt;</c>, while the flow serves;
    /// writes to an executor wait while its own is written.
    /// </summary>
    /// <param name="folder">A folder that does not exist yet; it appears when everything is written, or not at all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The executors whose state was written.</returns>
    /// <exception cref="FlowKitException">The folder exists, or an executor could not write.</exception>
    public Task<IReadOnlyList<string>> SnapshotAsync(string folder, CancellationToken cancellationToken) =>
        _snapshots.WriteAsync(folder, cancellationToken);

    /// <summary>
    /// Has every executor that keeps state take back what <see cref="SnapshotAsync"/> wrote; requests to it wait meanwhile.
    /// </summary>
    /// <param name="folder">The snapshot's folder.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FlowKitException">The snapshot lacks an executor or a shard, or an executor could not take it.</exception>
    public Task RestoreAsync(string folder, CancellationToken cancellationToken) => _snapshots.RestoreAsync(folder, cancellationToken);

    /// <summary>Refuses new requests, answers those already accepted, then stops every stage; safe to call again.</summary>
    /// <param name="timeout">After this, what is still running is given up and answered with an error.</param>
    public Task StopAsync(TimeSpan timeout)
    {
        lock (_stopping)
        {
            return _stopped ??= StopOnceAsync(timeout);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(_deployer.Config.Gateway.TimeoutStop);
        _instruments.Dispose();
        Autoscaler.Dispose();
        _abort.Dispose();
        _deployer.Dispose();
    }

    /// <summary>The request gives its places back itself when it is answered; nothing waits for the answer but the caller.</summary>
    private Task<FlowResponse> PassAsync(FlowRequest call, RequestPermits permits, CancellationToken cancellationToken)
    {
        var pipeline = permits.Pipeline!;
        RequestState request;
        try
        {
            request = _starter.Create(call, pipeline, null, permits, cancellationToken);
        }
        catch (FlowKitException exception)
        {
            var now = _time.GetTimestamp();
            permits.Release(now, now);
            return Task.FromResult(Refuse(exception.Error));
        }

        // Nobody watches yet: whoever had gone before, or had no time left, is told so here.
        if (request.HasEnded(request.Started))
        {
            return request.Reply;
        }

        var entering = RequestStarter.Enter(request, pipeline);
        if (!entering.IsCompletedSuccessfully)
        {
            _ = RequestStarter.AwaitEntryAsync(request, entering);
        }

        if (!request.IsSettled)
        {
            request.Watch();
        }

        return request.Reply;
    }

    private static FlowResponse Refuse(FlowError error) => new([], error, [], null);

    private async Task StopOnceAsync(TimeSpan timeout)
    {
        await Autoscaler.StopAsync(timeout);
        await _deployer.CancelChangesAsync();
        Operations.ResumeAll();
        var idle = WhenIdleAsync();
        try
        {
            await idle.WaitAsync(timeout, _time);
        }
        catch (TimeoutException)
        {
            Log.GivingUp(_logger, InFlight + _floating.Running, timeout.TotalSeconds);
            await _abort.CancelAsync();
            await idle;
        }

        await _deployer.StopAsync();
    }

    /// <summary>Requests first: until the last of them has been answered, another may begin to float.</summary>
    private async Task WhenIdleAsync()
    {
        await _gate.CloseAsync();
        await _floating.WhenIdleAsync();
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.GivingUpRequests, LogLevel.Warning, "Giving up {Count} requests that were not answered within {Seconds} s")]
        public static partial void GivingUp(ILogger logger, int count, double seconds);
    }
}
