using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using FlowKit.Configuration;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Flow;
using FlowKit.Hosting.Building;
using FlowKit.Serving;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FlowKit.Hosting;

/// <summary>
/// Builds a flow in C#, with Jina's words: <see cref="Add(string?, string?, object?, string?, Action{ExecutorBuilder}?, string, int)"/> is
/// its <c>add</c>,
/// <see cref="Needs"/> its <c>needs</c>. Executors follow one another unless they say what they need.
/// </summary>
public sealed class FlowBuilder
{
    private readonly JsonObject _top = new() { ["jtype"] = "Flow" };
    private readonly List<(JsonObject Entry, SourcePlace Place)> _executors = [];
    private readonly List<Type> _types = [];
    private readonly List<Action<IServiceCollection>> _services = [];
    private readonly List<Action<FlowHostOptions>> _options = [];

    internal FlowBuilder()
    {
    }

    /// <summary>The executor classes that the program itself adds.</summary>
    internal IReadOnlyList<Type> ExecutorTypes => _types;

    /// <summary>Adds an executor.</summary>
    /// <param name="name">Its name; by default <c>executorN</c> by position.</param>
    /// <param name="uses">
    /// What runs: an executor's name or class, a C# file, a project's folder, an assembly, a package, or an image; by default it passes
    /// documents on.
    /// </param>
    /// <param name="usesWith">Its options, as an object: <c>new { model = "ViT-B/32" }</c>.</param>
    /// <param name="volumes">A folder for a container, as <c>source:target</c>.</param>
    /// <param name="configure">Sets everything else.</param>
    /// <param name="file">The file that adds it; the compiler fills it in.</param>
    /// <param name="line">The line that adds it; the compiler fills it in.</param>
    public FlowBuilder Add(
        string? name = null,
        string? uses = null,
        object? usesWith = null,
        string? volumes = null,
        Action<ExecutorBuilder>? configure = null,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0)
    {
        var entry = new JsonObject();
        Put(entry, "name", name);
        Put(entry, "uses", uses);
        Put(entry, "volumes", volumes);
        var executor = new ExecutorBuilder(entry);
        if (usesWith is not null)
        {
            executor.Uses.With(usesWith);
        }

        configure?.Invoke(executor);
        _executors.Add((entry, new SourcePlace(Path.GetFileName(file), line, 1)));
        return this;
    }

    /// <summary>Adds an executor by its class.</summary>
    /// <typeparam name="T">The class.</typeparam>
    /// <param name="name">Its name; by default <c>executorN</c> by position.</param>
    /// <param name="configure">Sets its options and everything else.</param>
    /// <param name="file">The file that adds it; the compiler fills it in.</param>
    /// <param name="line">The line that adds it; the compiler fills it in.</param>
    public FlowBuilder Add<T>(
        string? name = null, Action<ExecutorBuilder>? configure = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where T : Executor
    {
        _types.Add(typeof(T));
        return Add(name, typeof(T).FullName, configure: configure, file: file, line: line);
    }

    /// <summary>Joins several executors: the next one receives what all of them make of a document.</summary>
    /// <param name="needs">Their names.</param>
    /// <param name="name">The name of the join; by default <c>executorN</c> by position.</param>
    /// <param name="file">The file that joins them; the compiler fills it in.</param>
    /// <param name="line">The line that joins them; the compiler fills it in.</param>
    public FlowBuilder Needs(
        IEnumerable<string> needs, string? name = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Add(name, configure: executor => executor.Needs(needs), file: file, line: line);

    /// <summary>Sets any key of the flow itself, as its file has it.</summary>
    /// <param name="key">For example <c>workspace</c>, or with dots for a key inside another: <c>gateway.capacity</c>.</param>
    /// <param name="value">Its value.</param>
    public FlowBuilder Set(string key, object? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        var parts = key.Split('.');
        var section = _top;
        foreach (var part in parts[..^1])
        {
            if (section[part] is not JsonObject inner)
            {
                section[part] = inner = [];
            }

            section = inner;
        }

        section[parts[^1]] = JsonValues.ToJson(value);
        return this;
    }

    /// <summary>Sets how the flow is hosted.</summary>
    /// <param name="configure">Sets it.</param>
    public FlowBuilder Configure(Action<FlowHostOptions> configure)
    {
        _options.Add(configure);
        return this;
    }

    /// <summary>
    /// Adds services that executors may ask for, when the flow is started on its own. In a host the host's services count.
    /// </summary>
    /// <param name="configure">Adds them.</param>
    public FlowBuilder ConfigureServices(Action<IServiceCollection> configure)
    {
        _services.Add(configure);
        return this;
    }

    /// <summary>Says where logs go, when the flow is started on its own. Default: nowhere.</summary>
    /// <param name="configure">Adds providers.</param>
    public FlowBuilder ConfigureLogging(Action<ILoggingBuilder> configure) => ConfigureServices(services => services.AddLogging(configure));

    /// <summary>Reads the flow, and starts it in this process.</summary>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <returns>The flow, which serves; disposing it answers what was accepted and ends it.</returns>
    /// <exception cref="FlowConfigException">
    /// The flow is not valid: all mistakes at once, each with the line that adds the executor.
    /// </exception>
    /// <exception cref="FlowKitException">An executor did not start.</exception>
    public async Task<Flow> StartAsync(CancellationToken cancellationToken = default)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        _services.ForEach(configure => configure(builder.Services));
        builder.Services.AddFlow(this);
        var host = new EmbeddedHost(builder.Build());
        try
        {
            return await host.StartAsync(cancellationToken);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    internal void Apply(FlowHostOptions options) => _options.ForEach(configure => configure(options));

    internal FlowConfig Read(FlowReadOptions options) => new FlowText(_top, _executors).Read(options);

    private static void Put(JsonObject entry, string key, string? value)
    {
        if (value is not null)
        {
            entry[key] = value;
        }
    }
}
