using FlowKit.Components;
using FlowKit.Configuration;
using FlowKit.Graph;
using Microsoft.Extensions.Logging;

namespace FlowKit.Runtime;

/// <summary>
/// A running flow. Started downstream first, so that every consumer is there before its producer; stopped upstream first, so that
/// every stage drains into the next and no accepted request is lost.
/// </summary>
public sealed partial class FlowRuntime : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly FlowConfig _config;
    private readonly FlowHost _host;
    private readonly AdmissionGate _gate;
    private readonly CancellationTokenSource _abort = new();
    private readonly CancellationToken _aborted;
    private readonly ExecutorDisposal _disposal;
    private readonly ILogger _logger;
    private readonly Lock _stopping = new();
    private readonly Dictionary<string, ExecutorDescriptor> _descriptors;
    private readonly List<ExecutorReplica> _replicas = [];
    private IReadOnlyList<ExecutorStage> _stages = [];
    private Task _running = Task.CompletedTask;
    private IPartSink _entry = new ReplyStage();
    private Task? _stopped;

    private FlowRuntime(FlowConfig config, FlowHost host, FlowGraph graph, Dictionary<string, ExecutorDescriptor> descriptors)
    {
        _config = config;
        _host = host;
        _descriptors = descriptors;
        Graph = graph;
        _gate = new AdmissionGate(config.Gateway.Capacity, host.TimeProvider);
        _logger = host.Loggers.CreateLogger<FlowRuntime>();
        _disposal = new ExecutorDisposal(host.TimeProvider, _logger);
        _aborted = _abort.Token;
    }

    /// <summary>The flow as a graph.</summary>
    public FlowGraph Graph { get; }

    /// <summary>Requests in the flow now.</summary>
    public int InFlight => _gate.InFlight;

    /// <summary>Every endpoint that an executor answers, and by whom; the default is <see cref="RequestsAttribute.Default"/>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Endpoints => _stages
        .SelectMany(stage => stage.Replicas[0].Endpoints.Endpoints.Select(endpoint => (endpoint, stage.Name)))
        .GroupBy(pair => pair.endpoint, pair => pair.Name, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, IReadOnlyList<string> (group) => [.. group], StringComparer.Ordinal);

    /// <summary>How many requests wait before each executor.</summary>
    public IReadOnlyDictionary<string, int> QueueDepths => _stages.ToDictionary(stage => stage.Name, stage => stage.Depth, StringComparer.Ordinal);

    /// <summary>Whether any executor answers an endpoint.</summary>
    /// <param name="endpoint">For example <c>/search</c>.</param>
    public bool Answers(string endpoint) => _stages.Any(stage => stage.Replicas[0].Endpoints.Find(endpoint) is not null);

    /// <summary>Checks everything that can be checked without loading: names, options, endpoints.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="catalog">The known executors.</param>
    /// <exception cref="FlowConfigException">All mistakes at once.</exception>
    public static void Check(FlowConfig config, ComponentCatalog catalog) => Describe(config, catalog);

    /// <summary>Loads all executors and starts all stages.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="host">What the program gives.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="FlowConfigException">The configuration names or sets something that is not there.</exception>
    /// <exception cref="FlowKitException">An executor did not start.</exception>
    public static async Task<FlowRuntime> StartAsync(FlowConfig config, FlowHost host, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(host);
        var runtime = new FlowRuntime(config, host, FlowGraphBuilder.Build(config), Describe(config, host.Catalog));
        try
        {
            await runtime.StartStagesAsync(cancellationToken);
            return runtime;
        }
        catch
        {
            await runtime.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a request through the flow. The answer is always a reply: refusals, deadlines and failures are its error.</summary>
    /// <param name="call">The request.</param>
    /// <param name="cancellationToken">Ends when the caller has gone.</param>
    public async Task<FlowReply> SendAsync(FlowCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (_gate.TryEnter() is { } refusal)
        {
            return Refuse(refusal);
        }

        var entered = _host.TimeProvider.GetTimestamp();
        try
        {
            using var request = new FlowRequest(call, _host.TimeProvider, call.Timeout ?? _config.Gateway.TimeoutSend, cancellationToken, _aborted);
            await EnterAsync(request);
            return await request.Reply;
        }
        catch (FlowKitException exception)
        {
            return Refuse(exception.Error);
        }
        finally
        {
            _gate.Leave(entered);
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
    }

    private static Dictionary<string, ExecutorDescriptor> Describe(FlowConfig config, ComponentCatalog catalog)
    {
        var errors = new List<ConfigError>();
        var descriptors = new Dictionary<string, ExecutorDescriptor>(StringComparer.Ordinal);
        foreach (var executor in config.Executors)
        {
            try
            {
                var descriptor = catalog.Resolve(executor, config.BaseDirectory);
                ExecutorActivator.Check(descriptor, executor);
                descriptors.Add(executor.Name, descriptor);
            }
            catch (FlowConfigException exception)
            {
                errors.AddRange(exception.Errors);
            }
            catch (FlowKitException exception)
            {
                errors.Add(new ConfigError(executor.UsesPlace, "uses", exception.Message));
            }
        }

        return errors.Count == 0 ? descriptors : throw new FlowConfigException(errors);
    }

    private async ValueTask EnterAsync(FlowRequest request)
    {
        try
        {
            await _entry.SendAsync(new RequestPart(request, request.Call.Documents));
        }
        catch (Exception exception)
        {
            request.Fail(FlowError.From(exception));
        }
    }

    private static FlowReply Refuse(FlowError error) => new([], error, [], null);

    private async Task StartStagesAsync(CancellationToken cancellationToken)
    {
        var loader = new ExecutorLoader(_config, _host, _disposal);
        var builder = new StageBuilder(Graph, _host.TimeProvider, _logger);
        foreach (var node in Graph.Nodes.Reverse())
        {
            var replicas = await loader.LoadAsync(node, _descriptors[node.Name], cancellationToken);
            _replicas.InsertRange(0, replicas);
            builder.Add(node, replicas);
            _host.Progress?.Report((Graph.Nodes.Count - Graph.Nodes.ToList().IndexOf(node), Graph.Nodes.Count, node.Name));
        }

        _entry = builder.SinkOf(FlowGraph.Origin);
        _stages = builder.Stages;
        _running = Task.WhenAll(_stages.Select(stage => stage.RunAsync()));
    }

    private async Task StopOnceAsync(TimeSpan timeout)
    {
        var idle = _gate.CloseAsync();
        try
        {
            await idle.WaitAsync(timeout, _host.TimeProvider);
        }
        catch (TimeoutException)
        {
            Log.GivingUp(_logger, InFlight, timeout.TotalSeconds);
            await _abort.CancelAsync();
            await idle;
        }

        _entry.Complete();
        await WaitForStagesAsync();
        foreach (var replica in _replicas.Where(replica => !replica.IsBusy))
        {
            await _disposal.DisposeAsync(replica.Executor);
        }
    }

    /// <summary>
    /// Nothing is left to answer, so stages end as soon as their executors return. One that ignores its cancellation must not keep the
    /// program from ending: it is left behind, undisposed, since it may be inside native code.
    /// </summary>
    private async Task WaitForStagesAsync()
    {
        try
        {
            await _running.WaitAsync(s_patience, _host.TimeProvider);
        }
        catch (TimeoutException)
        {
            var left = _replicas.Where(replica => replica.IsBusy).Select(replica => replica.Executor.Context.Name).Distinct();
            Log.LeftBehind(_logger, string.Join(", ", left));
            foreach (var stage in _stages)
            {
                stage.Complete();
            }
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
