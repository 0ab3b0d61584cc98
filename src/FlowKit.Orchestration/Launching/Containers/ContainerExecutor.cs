using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlowKit.Components;
using FlowKit.Components.Launching;
using FlowKit.Components.Remote;
using FlowKit.Components.Schemas;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Gateway;
using FlowKit.Serving.Remote;
using FlowKit.Telemetry;
using FlowKit.Wire.Proto;
using Microsoft.Extensions.Logging;

namespace FlowKit.Orchestration.Launching.Containers;

/// <summary>Stands for an executor in a container, which is asked over a port that only this machine reaches.</summary>
/// <param name="config">Its entry.</param>
/// <param name="host">What it has in common with others.</param>
internal sealed partial class ContainerExecutor(ExecutorConfig config, ContainerHost host) : LaunchedExecutor, IRemoteEndpointSource
{
    /// <summary>Less than what the pool waits for one that is disposed.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    private static int s_count;

    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Engine? _engine;
    private Child? _child;
    private IPEndPoint? _address;
    private WorkerConnection? _connection;
    private string _name = "";
    private DiscoveredEndpoints? _endpoints;
    private bool _isOwn;
    private bool _isStopping;

    /// <inheritdoc/>
    public override Task<string> Ended => _ended.Task;

    /// <inheritdoc/>
    public override string? Progress => (_child, _address) switch
    {
        (null, _) => null,
        ({ } child, null) => $"the engine has not started the container {_name} yet{child.Tail()}",
        ({ } child, { } address) => $"the container {_name} runs and does not serve at {address} yet{child.Tail()}",
    };

    IReadOnlySet<string>? IRemoteEndpointSource.Endpoints => _endpoints?.Names;

    EndpointSchema? IRemoteEndpointSource.FindSchema(string endpoint) => _endpoints?.Find(endpoint);

    /// <summary>Starts the container and waits until it serves.</summary>
    /// <inheritdoc/>
    public override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _engine = await host.PrepareAsync(Context.Logger, cancellationToken);
        var image = await ContainerImage.FindAsync(
            _engine, config.Launch!.Container!, Context.Logger, Context.TimeProvider, host.Pulling, cancellationToken);
        var options = new RunOptions(config, Context, image) { Secrets = host.Secrets };
        _isOwn = image.Entry is not null;
        var token = image.Entry is null ? null : ApiKeyDigest.NewKey();
        if (options.SharesNetwork && token is null)
        {
            Log.OpenToOthers(Context.Logger, Context.Name, image.Name);
        }

        var port = options.SharesNetwork ? FreePort() : RunOptions.InnerPort;
        _name = string.Create(
            CultureInfo.InvariantCulture,
            $"flowkit-{NotForNames().Replace(WorkerNames.Of(Context), "-")}-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}");
        var start = _engine.Background(options.Words(_name, host.Flow, port));
        WorkerEnvironment.Set(start.Environment, Context);
        _child = await Child.StartAsync(start, new WorkerLog(WorkerNames.Of(Context), Context.Logger, Context.TimeProvider));
        _ = TellEndAsync(_child, _engine);
        await _child.WriteLineAsync(image.Entry is null ? "" : (options.Entry() with { Token = token }).ToJson());
        _address = options.SharesNetwork ? new IPEndPoint(IPAddress.Loopback, port) : await FindAddressAsync(_engine, cancellationToken);
        _connection = new WorkerConnection(
            Context.Name,
            new Uri($"http://{_address}"),
            null,
            Ended,
            Context.TimeProvider,
            token: token,
            dialect: config.Launch!.Container!.DocArrayVersion == "v2" ? DocArrayDialect.V2 : DocArrayDialect.V1);
        await _connection.WaitReadyAsync(cancellationToken);
        _endpoints = await _connection.DiscoverAsync();
    }

    /// <inheritdoc/>
    public override ValueTask<object?> InvokeAsync(ExecutorCall call) => _connection!.InvokeAsync(call);

    /// <inheritdoc/>
    public override IAsyncEnumerable<Document>? StreamAsync(ExecutorCall call, bool streams) =>
        call is { Parts: null, Request.Endpoint: var endpoint } && _endpoints?.Find(endpoint) is { IsGenerator: true }
            ? _connection!.StreamAsync(call, _isOwn)
            : null;

    /// <inheritdoc/>
    internal override Task<string?> ReadMetricsAsync(string accepted, CancellationToken cancellationToken) => _isOwn
        ? _connection!.ReadMetricsAsync(accepted, cancellationToken)
        : base.ReadMetricsAsync(accepted, cancellationToken);

    /// <inheritdoc/>
    public override void Kill()
    {
        if (_engine is { } engine)
        {
            _ = engine.RunAsync(["kill", _name], CancellationToken.None);
        }
    }

    /// <summary>Stops it within its grace, and takes it away whatever it does.</summary>
    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        _isStopping = true;
        if (_child is { } child)
        {
            // The command passes the signal on to the container.
            await child.StopAsync(s_grace, Context.TimeProvider);
            await _ended.Task;
            await child.DisposeAsync();
        }

        _connection?.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>The container is kept until it has said why it ended.</summary>
    private async Task TellEndAsync(Child child, Engine engine)
    {
        var code = await child.Exited.ConfigureAwait(false);
        try
        {
            var state = _isStopping ? null : await StateAsync(engine).ConfigureAwait(false);
            await engine.RunAsync(["rm", "--force", "--volumes", _name], CancellationToken.None).ConfigureAwait(false);
            _ended.TrySetResult(Explain(child, code, state));
        }
        catch (Exception exception)
        {
            _ended.TrySetResult($"the container {_name} ended, and the engine cannot be asked why: {exception.Message}");
        }
    }

    private string Explain(Child child, int code, JsonNode? state)
    {
        if ((bool?)state?["OOMKilled"] == true && config.Launch!.MemoryBytes is { } limit)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"the container {_name} used more than its memory of {limit >> 20} MiB and was ended by the system "
                    + $"(exit code {code}); give it more with 'memory'{child.Tail()}");
        }

        return code == EngineFailure.Code && EngineFailure.Find(child.LastLines) is { } refusal
            ? $"the engine did not start the container: {refusal}"
            : child.Explain($"the container {_name}", code);
    }

    private async Task<JsonNode?> StateAsync(Engine engine)
    {
        var answer = await engine.RunAsync(["inspect", "--format", "{{json .State}}", _name], CancellationToken.None).ConfigureAwait(false);
        return answer.ExitCode == 0 ? JsonNode.Parse(answer.Output) : null;
    }

    /// <summary>Returns the address at which the engine has published its port, known as soon as it runs.</summary>
    private async Task<IPEndPoint> FindAddressAsync(Engine engine, CancellationToken cancellationToken)
    {
        while (true)
        {
            var answer = await engine.RunAsync(["port", _name, $"{RunOptions.InnerPort}/tcp"], cancellationToken);
            var first = answer.Output.Split('\n', StringSplitOptions.TrimEntries)[0];
            if (answer.ExitCode == 0 && IPEndPoint.TryParse(first, out var address))
            {
                return address;
            }

            await Task.WhenAny(Ended, Task.Delay(s_look, Context.TimeProvider, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            if (Ended.IsCompleted)
            {
                throw new FlowKitException(FlowErrorCode.FailedPrecondition, await Ended);
            }
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    [GeneratedRegex("[^a-zA-Z0-9_.]+")]
    private static partial Regex NotForNames();

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.ContainerOpenToOthers,
            LogLevel.Warning,
            "{Executor}: the image {Image} is not FlowKit's and shares this machine's network, so that others may call it")]
        public static partial void OpenToOthers(ILogger logger, string executor, string image);
    }
}
