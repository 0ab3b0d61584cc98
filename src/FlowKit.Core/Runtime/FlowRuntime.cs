using FlowKit.Components;
using FlowKit.Configuration;
using FlowKit.Devices;
using FlowKit.Graph;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowKit.Runtime;

/// <summary>
/// A running flow. Started downstream first, so that every consumer is there before its producer; stopped upstream first, so that
/// every stage drains into the next and no accepted request is lost.
/// </summary>
public sealed partial class FlowRuntime : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly FlowHost _host;
    private readonly AdmissionGate _gate;
    private readonly CancellationTokenSource _abort = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationToken _aborted;
    private readonly ExecutorDisposal _disposal;
    private readonly FloatingRequests _floating;
    private readonly ILogger _logger;
    private readonly Lock _stopping = new();
    private readonly TaskCompletionSource<FlowError> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile FlowConfig _config;
    private volatile FlowWiring _wiring;
    private volatile GpuPlan _devices = new(new Dictionary<string, GpuTurns>(), []);
    private bool _isStarting;
    private Task? _stopped;

    private FlowRuntime(FlowConfig config, FlowHost host)
    {
        _config = config;
        _host = host;
        _gate = new AdmissionGate(config.Gateway.Capacity, host.TimeProvider);
        _logger = host.Loggers.CreateLogger<FlowRuntime>();
        _disposal = new ExecutorDisposal(host.TimeProvider, _logger);
        _aborted = _abort.Token;
        _floating = new FloatingRequests(host.TimeProvider, _logger, _aborted);
        _wiring = new FlowWiring(new FlowGraph([], [FlowGraph.Origin]), new Dictionary<string, Deployment>(), _floating);
    }

    /// <summary>The flow as a graph.</summary>
    public FlowGraph Graph => _wiring.Graph;

    /// <summary>Requests in the flow now, floating ones left out.</summary>
    public int InFlight => _gate.InFlight;

    /// <summary>How long a request may take whose caller does not say; <see langword="null"/> for as long as it takes.</summary>
    public TimeSpan? TimeoutSend => _config.Gateway.TimeoutSend;

    /// <summary>Completes when the flow must not go on: an executor threw what <c>exit_on_exceptions</c> names.</summary>
    public Task<FlowError> Ended => _ended.Task;

    /// <summary>Every endpoint that an executor answers, and by whom; the default is <see cref="RequestsAttribute.Default"/>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Endpoints => Deployments
        .SelectMany(deployment => deployment.Shards[0].EndpointNames.Select(endpoint => (endpoint, deployment.Name)))
        .GroupBy(pair => pair.endpoint, pair => pair.Name, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, IReadOnlyList<string> (group) => [.. group], StringComparer.Ordinal);

    /// <summary>How many requests wait before each executor.</summary>
    public IReadOnlyDictionary<string, int> QueueDepths => Deployments
        .ToDictionary(deployment => deployment.Name, deployment => deployment.Pools.Sum(pool => pool.Depth), StringComparer.Ordinal);

    /// <summary>How each executor and each of its shards is, in the order of the graph.</summary>
    public IReadOnlyList<PoolHealth> Health => [.. Deployments.SelectMany(deployment => deployment.Pools).Select(pool => pool.Health)];

    /// <summary>Whether every executor has at least one replica that serves.</summary>
    public bool IsHealthy => _gate.IsOpen && Deployments.SelectMany(deployment => deployment.Pools).All(pool => pool.Health is { IsOpen: false, Ready: > 0 });

    /// <summary>Whether the documents of a request are looked at where it enters.</summary>
    internal bool ReadsDocuments => _wiring.Entry.ReadsDocuments;

    private Deployment[] Deployments => _wiring.Ordered;

    /// <summary>Whether any executor answers an endpoint.</summary>
    /// <param name="endpoint">For example <c>/search</c>.</param>
    public bool Answers(string endpoint) => Array.Exists(Deployments, deployment => deployment.Shards[0].Find(endpoint) is not null);

    /// <summary>Checks everything that can be checked without loading: names, options, endpoints, the graph.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="catalog">The known executors.</param>
    /// <exception cref="FlowConfigException">All mistakes at once.</exception>
    public static void Check(FlowConfig config, ComponentCatalog catalog)
    {
        _ = FlowGraphBuilder.Build(config);
        _ = DeploymentPlan.Of(config, catalog, null, NullLogger.Instance, CancellationToken.None);
    }

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

    /// <summary>Makes a flow that is not started: it refuses requests until <see cref="StartAsync(CancellationToken)"/> has loaded its executors.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="host">What the program gives.</param>
    public static FlowRuntime Create(FlowConfig config, FlowHost host)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(host);
        return new FlowRuntime(config, host);
    }

    /// <summary>Loads all executors, starts all stages, and accepts requests from then on.</summary>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="FlowConfigException">The configuration names or sets something that is not there.</exception>
    /// <exception cref="FlowKitException">An executor did not start.</exception>
    /// <exception cref="InvalidOperationException">The flow has been started, or stopped, before.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isStarting, true) || _closing.IsCancellationRequested)
        {
            throw new InvalidOperationException("A flow is started once; make another one to start again.");
        }

        var graph = FlowGraphBuilder.Build(_config);
        var plans = DeploymentPlan.Of(_config, _host.Catalog, _host.ExecutorServices, _logger, cancellationToken);
        _devices = await DevicePlanner.PlanAsync(_config, _host, _logger, cancellationToken);
        await StartDeploymentsAsync(graph, plans, cancellationToken);
        _gate.Open();
    }

    /// <summary>Sends a request through the flow. The answer is always a reply: refusals, deadlines and failures are its error.</summary>
    /// <param name="call">The request.</param>
    /// <param name="cancellationToken">Ends when the caller has gone.</param>
    public Task<FlowReply> SendAsync(FlowCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        return _gate.TryEnter() is { } refusal ? Task.FromResult(Refuse(refusal)) : PassAsync(call, _gate, cancellationToken);
    }

    /// <summary>Sends a request that has its place already; see <see cref="TryAdmit"/>.</summary>
    /// <param name="call">The request.</param>
    /// <param name="permit">Its place, which stays the caller's to give back.</param>
    /// <param name="cancellationToken">Ends when the caller has gone.</param>
    public Task<FlowReply> SendAsync(FlowCall call, AdmissionPermit permit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(permit);
        return PassAsync(call, null, cancellationToken);
    }

    /// <summary>Takes a place in the flow before anything of the request is read, so that what is refused costs nothing.</summary>
    /// <param name="permit">The place.</param>
    /// <param name="refusal">Why there is none, and when to come again.</param>
    /// <returns>Whether there was a place.</returns>
    public bool TryAdmit([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out AdmissionPermit? permit, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out FlowError? refusal)
    {
        refusal = _gate.TryEnter();
        permit = refusal is null ? new AdmissionPermit(_gate, _host.TimeProvider.GetTimestamp()) : null;
        return refusal is null;
    }

    /// <summary>Sends a request through the flow and gives its documents as they come; leaving the enumeration cancels the request.</summary>
    /// <param name="call">The request.</param>
    /// <param name="cancellationToken">Ends when the caller has gone.</param>
    /// <exception cref="FlowKitException">The request was refused or failed, perhaps after some documents.</exception>
    public IAsyncEnumerable<Document> StreamAsync(FlowCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        return TryAdmit(out var permit, out var refusal) ? StreamAsync(call, permit, cancellationToken) : throw new FlowKitException(refusal);
    }

    /// <summary>Streams a request that has its place already.</summary>
    /// <param name="call">The request.</param>
    /// <param name="permit">Its place, given back at the end.</param>
    /// <param name="cancellationToken">Ends when the caller has gone.</param>
    /// <exception cref="FlowKitException">The request failed, perhaps after some documents.</exception>
    public async IAsyncEnumerable<Document> StreamAsync(FlowCall call, AdmissionPermit permit, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        using var place = permit;
        var wiring = EnterWiring();
        FlowRequest? request = null;
        try
        {
            var stream = new FlowStream();
            request = NewRequest(call, wiring, stream, default, cancellationToken);
            stream.Attach(request);
            request.Watch();
            var entering = AwaitEntryAsync(request, Enter(request, wiring));
            await foreach (var document in stream.Documents.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                yield return document;
            }

            await entering.ConfigureAwait(false);
        }
        finally
        {
            request?.LoseCaller();
            request?.Dispose();
            wiring.Leave();
        }
    }

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
        await StopAsync(_config.Gateway.TimeoutStop);
        _abort.Dispose();
        _closing.Dispose();
    }

    /// <summary>The request gives its places back itself when it is answered, so that nothing waits for the answer but the caller.</summary>
    private Task<FlowReply> PassAsync(FlowCall call, AdmissionGate? gate, CancellationToken cancellationToken)
    {
        var wiring = EnterWiring();
        var places = new RequestPlaces(wiring, gate);
        FlowRequest request;
        try
        {
            request = NewRequest(call, wiring, null, places, cancellationToken);
        }
        catch (FlowKitException exception)
        {
            var now = _host.TimeProvider.GetTimestamp();
            places.Leave(now, now);
            return Task.FromResult(Refuse(exception.Error));
        }

        // Nobody watches yet: whoever had gone before, or had no time left, is told so here.
        if (request.HasEnded(request.Started))
        {
            return request.Reply;
        }

        var entering = Enter(request, wiring);
        if (!entering.IsCompletedSuccessfully)
        {
            _ = AwaitEntryAsync(request, entering);
        }

        if (!request.IsSettled)
        {
            request.Watch();
        }

        return request.Reply;
    }

    /// <summary>A request ends on the wiring that it began on.</summary>
    private FlowWiring EnterWiring()
    {
        FlowWiring wiring;
        do
        {
            wiring = _wiring;
        }
        while (!wiring.TryEnter());

        return wiring;
    }

    private FlowRequest NewRequest(FlowCall call, FlowWiring wiring, FlowStream? stream, RequestPlaces places, CancellationToken cancellationToken)
    {
        if (wiring.Entry.ReadsDocuments)
        {
            call.Documents.Decode();
        }

        return new(call, wiring.Names, _host.TimeProvider, call.Timeout ?? _config.Gateway.TimeoutSend, places, cancellationToken, _aborted, stream)
        {
            Order = wiring.HasConditions ? [.. call.Documents.Select(document => document.Id)] : null,
        };
    }

    private static ValueTask Enter(FlowRequest request, FlowWiring wiring)
    {
        try
        {
            return wiring.Entry.SendAsync(new RequestPart(request, request.Call.Documents) { Parts = request.Call.Parts, Moved = request.Started });
        }
        catch (Exception exception)
        {
            request.Fail(FlowError.From(exception));
            return ValueTask.CompletedTask;
        }
    }

    private static async Task AwaitEntryAsync(FlowRequest request, ValueTask entering)
    {
        try
        {
            await entering.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            request.Fail(FlowError.From(exception));
        }
    }

    private static FlowReply Refuse(FlowError error) => new([], error, [], null);

    private async Task StopOnceAsync(TimeSpan timeout)
    {
        await _closing.CancelAsync();
        var idle = WhenIdleAsync();
        try
        {
            await idle.WaitAsync(timeout, _host.TimeProvider);
        }
        catch (TimeoutException)
        {
            Log.GivingUp(_logger, InFlight + _floating.Running, timeout.TotalSeconds);
            await _abort.CancelAsync();
            await idle;
        }

        // A change that was under way has been cancelled; it must not start what nobody would stop.
        await _changing.WaitAsync(CancellationToken.None);
        await StopDeploymentsAsync();
    }

    /// <summary>Requests first: until the last of them has been answered, another may begin to float.</summary>
    private async Task WhenIdleAsync()
    {
        await _gate.CloseAsync();
        await _floating.WhenIdleAsync();
    }

    /// <summary>
    /// Nothing is left to answer, so pools end as soon as their executors return. One that ignores its cancellation must not keep the
    /// program from ending: it is left behind, undisposed, since it may be inside native code.
    /// </summary>
    private async Task StopDeploymentsAsync()
    {
        var pools = Deployments.SelectMany(deployment => deployment.Pools).ToList();
        var ended = await Task.WhenAll(pools.Select(pool => pool.EndAsync(s_patience)));
        var left = pools.Where((_, index) => !ended[index]).Select(pool => pool.Name).Distinct(StringComparer.Ordinal).ToList();
        if (left.Count > 0)
        {
            Log.LeftBehind(_logger, string.Join(", ", left));
        }

        foreach (var pool in pools)
        {
            await pool.DisposeExecutorsAsync();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(201, LogLevel.Warning, "Giving up {Count} requests that were not answered within {Seconds} s")]
        public static partial void GivingUp(ILogger logger, int count, double seconds);

        [LoggerMessage(202, LogLevel.Error, "Left behind, since they ignore their cancellation: {Executors}")]
        public static partial void LeftBehind(ILogger logger, string executors);
    }
}
