using FlowKit.Components;
using FlowKit.Configuration;
using FlowKit.Configuration.Flow;
using FlowKit.Runtime;
using FlowKit.Sources;

namespace FlowKit.TestKit;

/// <summary>A running flow in a temporary folder.</summary>
public sealed class TestFlow : IAsyncDisposable
{
    private readonly TempFolder? _temporary;

    private TestFlow(FlowRuntime runtime, FlowConfig config, TestFlowOptions options, TempFolder? temporary)
    {
        Runtime = runtime;
        Config = config;
        Options = options;
        _temporary = temporary;
    }

    /// <summary>The flow.</summary>
    public FlowRuntime Runtime { get; }

    /// <summary>Its configuration.</summary>
    public FlowConfig Config { get; }

    /// <summary>The options that it runs with.</summary>
    public TestFlowOptions Options { get; }

    /// <summary>The behaviour and the events of its scripted executors.</summary>
    public FlowScript Script => Options.Script;

    /// <summary>Starts a flow of scripted executors.</summary>
    /// <param name="yaml">The flow; see <see cref="FlowText"/> for short ones.</param>
    /// <param name="script">What the executors do.</param>
    public static Task<TestFlow> StartAsync(string yaml, FlowScript? script = null) =>
        StartAsync(yaml, new TestFlowOptions { Script = script ?? new FlowScript() });

    /// <summary>Starts a flow.</summary>
    /// <param name="yaml">The flow.</param>
    /// <param name="executors">The executors it names, besides <c>Scripted</c>.</param>
    public static Task<TestFlow> StartAsync(string yaml, params Type[] executors) =>
        StartAsync(yaml, new TestFlowOptions { Executors = executors });

    /// <summary>Starts a flow from its file; it keeps its own files in a folder that goes away.</summary>
    /// <param name="path">The flow's file.</param>
    /// <param name="executors">The executors that it names, besides those that it brings by their paths.</param>
    public static async Task<TestFlow> StartFileAsync(string path, params Type[] executors)
    {
        var temporary = new TempFolder();
        try
        {
            return await StartAsync(
                FlowConfigReader.Read(path), new TestFlowOptions { Executors = executors }, temporary, CancellationToken.None);
        }
        catch
        {
            temporary.Dispose();
            throw;
        }
    }

    /// <summary>Starts a flow.</summary>
    /// <param name="yaml">The flow.</param>
    /// <param name="options">The options that it runs with.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<TestFlow> StartAsync(string yaml, TestFlowOptions options, CancellationToken cancellationToken = default)
    {
        var temporary = options.Folder is null ? new TempFolder() : null;
        var folder = options.Folder ?? temporary!.Path;
        try
        {
            var config = FlowConfigReader.ReadText(yaml, "flow.yml", new FlowReadOptions { BaseDirectory = folder });
            return await StartAsync(options.Configure(config), options, temporary, cancellationToken);
        }
        catch
        {
            temporary?.Dispose();
            throw;
        }
    }

    /// <summary>Posts documents and waits for the reply, which must come.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="documents">The documents.</param>
    public Task<FlowResponse> PostAsync(string endpoint, params Document[] documents) =>
        Runtime.SendAsync(new FlowRequest(endpoint, new DocumentArray(documents)), CancellationToken.None).WithTimeout();

    /// <summary>Posts one document whose id and text are given, without waiting.</summary>
    /// <param name="id">Its id and text.</param>
    /// <param name="timeout">The request's deadline.</param>
    /// <param name="cancellationToken">Ends when the caller has gone.</param>
    public Task<FlowResponse> SendAsync(string id, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Runtime.SendAsync(new FlowRequest("/run", [new Document(id) { Text = id }]) { Timeout = timeout }, cancellationToken);

    /// <summary>Changes how many replicas an executor has.</summary>
    /// <param name="executor">Its name.</param>
    /// <param name="replicas">How many.</param>
    public Task ScaleAsync(string executor, int replicas)
    {
        Script.Attach();
        return Runtime.ScaleAsync(executor, replicas, CancellationToken.None);
    }

    /// <summary>Makes the flow what another text says.</summary>
    /// <param name="yaml">The flow.</param>
    public Task ApplyAsync(string yaml)
    {
        Script.Attach();
        return Runtime.ApplyAsync(
            FlowConfigReader.ReadText(yaml, "flow.yml", new FlowReadOptions { BaseDirectory = Config.BaseDirectory }),
            CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Runtime.DisposeAsync();
        _temporary?.Dispose();
    }

    private static async Task<TestFlow> StartAsync(
        FlowConfig config, TestFlowOptions options, TempFolder? temporary, CancellationToken cancellationToken)
    {
        options.Script.Attach();
        var catalog = ComponentCatalog.Of([typeof(ScriptedExecutor), .. options.Executors]).With(ExecutorSources.Default);
        var host = new FlowHost(
            catalog,
            options.Loggers,
            options.TimeProvider,
            Path.Combine(
                temporary?.Path ?? config.BaseDirectory, "workspace"))
        { ShortCall = options.ShortCall, Launchers = options.Launchers };
        host = options.Services is { } services ? host with { Services = services } : host;
        return new TestFlow(await FlowRuntime.StartAsync(config, host, cancellationToken), config, options, temporary);
    }
}
