using FlowKit.Client;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Flow;
using FlowKit.Hosting.Inputs;
using FlowKit.Hosting.Telemetry;
using FlowKit.Runtime;
using FlowKit.Runtime.Executors.Loading;
using FlowKit.Serving.Dispatch;
using FlowKit.Telemetry;
using FlowKit.Wire;
using Microsoft.Extensions.Logging;

namespace FlowKit.Hosting;

/// <summary>
/// A flow in this process. It is started by itself (<see cref="CreateBuilder"/>) or by a host (<c>services.AddFlow("flow.yml")</c>), and
/// then asked
/// from any number of threads. Documents that are posted go through the flow themselves, without a copy, and belong to it until it has
/// answered.
/// </summary>
public sealed partial class Flow : IAsyncDisposable
{
    private readonly Func<FlowConfig> _read;
    private readonly InProcessTransport _transport;
    private readonly FlowHostOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ILoggerFactory _loggers;
    private readonly string _workspace;
    private readonly CancellationTokenSource _watching = new();
    private Task _watcher = Task.CompletedTask;
    private IAsyncDisposable? _owned;
    private bool _isDisposed;

    internal Flow(string name, FlowConfig config, Func<FlowConfig> read, FlowHost host, FlowHostOptions options)
    {
        Name = name;
        Config = config;
        _read = read;
        _options = options;
        _time = host.TimeProvider;
        _workspace = host.Workspace;
        _loggers = host.Loggers;
        _logger = host.Loggers.CreateLogger<Flow>();
        var loading = options.Progress is { } progress ? new LoadProgress(progress) : null;
        Runtime = FlowRuntime.Create(config, host with { Reread = read, Progress = loading, Watcher = loading });
        Dispatcher = new FlowDispatcher(Runtime, config.Gateway, host.Loggers.CreateLogger<FlowDispatcher>());
        _transport = new InProcessTransport(Runtime, Dispatcher);
    }

    /// <summary>The name by which a host knows it; empty for the only one.</summary>
    public string Name { get; }

    /// <summary>The configuration that it was read from; <see cref="ReloadAsync"/> may have applied a newer one since.</summary>
    public FlowConfig Config { get; }

    /// <summary>Indicates whether every executor serves.</summary>
    public bool IsReady => Runtime.IsHealthy;

    /// <summary>Every endpoint that an executor answers, and by whom.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Endpoints => Runtime.Endpoints;

    /// <summary>Completes when the flow must not go on: an executor threw what <c>exit_on_exceptions</c> names.</summary>
    public Task<FlowError> Ended => Runtime.Ended;

    /// <summary>The first address at which it listens; <see langword="null"/> when it does not.</summary>
    public Uri? Address { get; internal set; }

    /// <summary>The addresses at which its gateway listens, in the order of its ports; empty when it does not.</summary>
    internal IReadOnlyList<Uri> Addresses { get; set; } = [];

    /// <summary>The ports on which Jina's <c>monitoring</c> has metrics told.</summary>
    internal IReadOnlyList<MonitoringPort> MonitoringPorts { get; set; } = [];

    /// <summary>The running graph.</summary>
    internal FlowRuntime Runtime { get; }

    /// <summary>The way in.</summary>
    internal FlowDispatcher Dispatcher { get; }

    /// <summary>Builds a flow in C#.</summary>
    public static FlowBuilder CreateBuilder() => new();

    /// <summary>Posts documents in requests of <see cref="PostOptions.RequestSize"/>, some of them at once.</summary>
    /// <param name="on">The endpoint, such as <c>/index</c>.</param>
    /// <param name="inputs">The documents; <see langword="null"/> for none.</param>
    /// <param name="onDone">Called with each reply that went well.</param>
    /// <param name="onError">Called with each reply that an executor failed; without it the failure is thrown.</param>
    /// <param name="onAlways">Called with each reply.</param>
    /// <param name="options">Parameters, request size, deadline and the like.</param>
    /// <param name="cancellationToken">Ends the posting.</param>
    /// <returns>The documents of all replies, in order.</returns>
    /// <exception cref="FlowKitException">The flow refuses, or an executor failed and <paramref name="onError"/> is not given.</exception>
    public async Task<DocumentArray> PostAsync(
        string on,
        IEnumerable<Document>? inputs = null,
        Action<DataRequest>? onDone = null,
        Action<DataRequest>? onError = null,
        Action<DataRequest>? onAlways = null,
        PostOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new PostOptions();
        options = options with
        {
            OnDone = options.OnDone + onDone,
            OnError = options.OnError + onError,
            OnAlways = options.OnAlways + onAlways,
        };
        var documents = new DocumentArray();
        await foreach (var reply in PostAsync(on, (inputs ?? [new Document()]).ToAsyncEnumerable(), options, cancellationToken))
        {
            if (reply.Status is { Code: not 0 } status && options.OnError is null)
            {
                throw new FlowKitException(Refusals.Of(status, reply.Routes));
            }

            documents.AddRange(reply.Documents);
        }

        return documents;
    }

    /// <summary>Posts one document.</summary>
    /// <param name="on">The endpoint, such as <c>/index</c>.</param>
    /// <param name="inputs">The document.</param>
    /// <param name="onDone">Called with the reply when it went well.</param>
    /// <param name="onError">Called with the reply when an executor failed; without it the failure is thrown.</param>
    /// <param name="onAlways">Called with the reply.</param>
    /// <param name="options">Parameters, deadline and the like.</param>
    /// <param name="cancellationToken">Ends the posting.</param>
    /// <returns>The documents of the reply.</returns>
    /// <exception cref="FlowKitException">The flow refuses, or an executor failed and <paramref name="onError"/> is not given.</exception>
    public Task<DocumentArray> PostAsync(
        string on,
        Document inputs,
        Action<DataRequest>? onDone = null,
        Action<DataRequest>? onError = null,
        Action<DataRequest>? onAlways = null,
        PostOptions? options = null,
        CancellationToken cancellationToken = default) => PostAsync(on, [inputs], onDone, onError, onAlways, options, cancellationToken);

    /// <summary>Posts documents as they come, and gives the replies as they come.</summary>
    /// <param name="on">The endpoint, such as <c>/index</c>.</param>
    /// <param name="inputs">The documents; <see cref="Client.Inputs"/> makes them of files, texts and vectors.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Ends the posting.</param>
    /// <returns>One reply for each request; a reply's <see cref="DataRequest.Status"/> says whether an executor failed.</returns>
    /// <exception cref="FlowKitException">The flow refuses.</exception>
    public IAsyncEnumerable<DataRequest> PostAsync(
        string on, IAsyncEnumerable<Document> inputs, PostOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return new Posting(_transport, on, options ?? new PostOptions(), _time).RunAsync(inputs, cancellationToken);
    }

    /// <summary>
    /// Posts documents as one request and gives what comes back as it comes; leaving the enumeration cancels the request.
    /// </summary>
    /// <param name="on">The endpoint.</param>
    /// <param name="documents">The documents.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="FlowKitException">The flow refuses, or the request failed, perhaps after some documents.</exception>
    public IAsyncEnumerable<Document> StreamAsync(
        string on, DocumentArray documents, PostOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new PostOptions();
        return _transport.StreamAsync(Posting.Request(on, documents, options), options.Timeout, cancellationToken);
    }

    /// <summary>Changes how many replicas of an executor serve; returns when they do.</summary>
    /// <param name="executor">The executor's name.</param>
    /// <param name="replicas">1 to 1024.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FlowKitException">There is no such executor, or a replica did not start.</exception>
    public Task ScaleAsync(
        string executor,
        int replicas,
        CancellationToken cancellationToken = default) => Runtime.ScaleAsync(executor, replicas, cancellationToken);

    /// <summary>Reads the flow again and applies what has changed, without losing a request.</summary>
    /// <param name="cancellationToken">Ends the wait for executors to load.</param>
    /// <exception cref="FlowConfigException">What was read is not valid; the flow serves on as before.</exception>
    /// <exception cref="FlowKitException">
    /// An executor did not start; the flow serves on as before, but for executors already replaced.
    /// </exception>
    public Task ReloadAsync(CancellationToken cancellationToken = default) => Runtime.ApplyAsync(_read(), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        if (_owned is not null)
        {
            await _owned.DisposeAsync();
        }

        await StopAsync(CancellationToken.None);
        await Runtime.DisposeAsync();
        _watching.Dispose();
    }

    /// <summary>Ends something with the flow.</summary>
    internal void Own(IAsyncDisposable owned) => _owned = owned;

    /// <summary>Loads the executors, posts what <c>on_start:</c> names, and follows the flow's files when it says so.</summary>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var warning in Config.Warnings)
        {
            Warn(warning.ToString());
        }

        _options.Progress?.Report(new FlowStartProgress(FlowStartStep.Loading, 0, Config.Executors.Count));
        await Runtime.StartAsync(cancellationToken);
        await PostOnStartAsync(cancellationToken);
        if (Config.Reload || Config.Executors.Any(executor => executor.Reload))
        {
            _watcher = new FlowWatcher(Runtime, _read, _time, _loggers.CreateLogger<FlowWatcher>()).RunAsync(Config, _watching.Token);
        }
    }

    /// <summary>Answers what was accepted and ends, after <c>gateway.timeout_stop</c> whatever happens.</summary>
    /// <param name="cancellationToken">Ends the wait, not the stop.</param>
    internal async Task StopAsync(CancellationToken cancellationToken)
    {
        await _watching.CancelAsync();
        await _watcher.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Runtime.StopAsync(Config.Gateway.TimeoutStop).WaitAsync(cancellationToken);
    }

    private async Task PostOnStartAsync(CancellationToken cancellationToken)
    {
        if (Config.OnStart.Count == 0)
        {
            return;
        }

        var runner = new OnStartRunner(Runtime, Config, _workspace);
        foreach (
            var error in await runner.RunAsync(
                (_, done, total) => _options.Progress?.Report(new FlowStartProgress(FlowStartStep.Posting, done, total)),
                cancellationToken))
        {
            Warn(error.Message);
        }
    }

    private void Warn(string message)
    {
        if (_options.OnWarning is { } told)
        {
            told(message);
            return;
        }

        Log.Warned(_logger, message);
    }

    private sealed class LoadProgress(IProgress<FlowStartProgress> progress)
        : IProgress<(int Ready, int Total, string Name)>, IStartWatcher
    {
        public void Building(string executor, bool isBuilt) =>
            progress.Report(new FlowStartProgress(FlowStartStep.Building, isBuilt ? 1 : 0, 1) { Name = executor });

        public void Starting(string executor, int ready, int total) =>
            progress.Report(new FlowStartProgress(FlowStartStep.Loading, ready, total) { Name = executor });

        public void Report((int Ready, int Total, string Name) value) =>
            progress.Report(new FlowStartProgress(FlowStartStep.Loading, value.Ready, value.Total));
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.FlowWarned, LogLevel.Warning, "{Warning}")]
        public static partial void Warned(ILogger logger, string warning);
    }
}
