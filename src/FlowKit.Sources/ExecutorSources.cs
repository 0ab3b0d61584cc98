using FlowKit.Components;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Sources.Assemblies;
using FlowKit.Sources.Packages;
using FlowKit.Sources.Projects;
using FlowKit.Sources.SingleFiles;

namespace FlowKit.Sources;

/// <summary>
/// Brings executors that are not built in: compiles or builds what is not, loads each into a world of its own, and shares it among all
/// entries that use the same code, as long as any of them does.
/// </summary>
public sealed class ExecutorSources : IExecutorSources
{
    private readonly Dictionary<string, WeakReference<LoadedCode>> _loaded = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly SourceBuilder _files;
    private readonly ProjectBuilder _projects;
    private readonly PackageBuilder _packages;
    private readonly CacheFolder _cache;

    internal ExecutorSources(DotnetSdk sdk, CacheFolder cache)
    {
        _cache = cache;
        _projects = new ProjectBuilder(sdk, cache);
        _files = new SourceBuilder(_projects, cache);
        _packages = new PackageBuilder(_projects, cache);
    }

    /// <summary>The sources of this program: the SDK that it runs with, or the one on the path, and the user's cache.</summary>
    public static ExecutorSources Default { get; } = new(DotnetSdk.Default, CacheFolder.Default);

    /// <summary>
    /// Tells only what can be told without building or loading, and runs nothing: for checking the flows of strangers.
    /// </summary>
    public static IExecutorSources Unbuilt { get; } = new UnbuiltSources();

    /// <inheritdoc/>
    public ExecutorDescriptor Find(ExecutorConfig config, string baseDirectory, Action? building, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(baseDirectory);
        try
        {
            return Find(config, UsesReference.Parse(config.Uses), baseDirectory, new BuildWatch(building, cancellationToken));
        }
        catch (Exception exception)
            when (FileFailure.IsOfFiles(exception)
                || (exception is FlowKitException { InnerException: { } cause } && FileFailure.IsOfFiles(cause)))
        {
            throw Refuse(
                config, $"{exception.Message} What is compiled is kept in '{_cache.Path}'; {CacheFolder.Variable} names another folder");
        }
    }

    /// <inheritdoc/>
    public IEnumerable<string> FilesOf(string uses, string baseDirectory)
    {
        ArgumentNullException.ThrowIfNull(uses);
        ArgumentNullException.ThrowIfNull(baseDirectory);
        return ExecutorFiles.Of(uses, baseDirectory);
    }

    private ExecutorDescriptor Find(ExecutorConfig config, UsesReference reference, string baseDirectory, BuildWatch watch)
    {
        var path = ExecutorFiles.PathOf(reference, baseDirectory);
        lock (_lock)
        {
            var built = reference.Origin switch
            {
                UsesOrigin.Source => new BuiltAssembly(_files.Build(ReadText(config, path), path, watch), path),
                UsesOrigin.Project =>
                    new BuiltAssembly(
                        _projects.Build(ProjectFolder.Find(path, out var problem) ?? throw Refuse(config, problem), watch), path),
                UsesOrigin.Assembly =>
                    new BuiltAssembly(File.Exists(path) ? path : throw Refuse(config, $"the assembly '{path}' does not exist"), path),
                _ => _packages.Build(reference.Target, baseDirectory, watch),
            };
            return Load(built).Pick(config, reference.Class);
        }
    }

    private LoadedCode Load(BuiltAssembly built)
    {
        var key = built.Key();
        if (_loaded.TryGetValue(key, out var known) && known.TryGetTarget(out var code))
        {
            return code;
        }

        foreach (var gone in _loaded.Where(pair => !pair.Value.TryGetTarget(out _)).Select(pair => pair.Key).ToList())
        {
            _loaded.Remove(gone);
        }

        code = LoadedCode.Load(built, key);
        _loaded[key] = new WeakReference<LoadedCode>(code);
        return code;
    }

    internal static string ReadText(ExecutorConfig config, string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : throw Refuse(config, $"the file '{path}' does not exist");
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            throw Refuse(config, $"the file '{path}' cannot be read: {exception.Message}");
        }
    }

    internal static FlowConfigException Refuse(ExecutorConfig config, string message) =>
        new([new ConfigError(config.UsesPlace, "uses", message)]);
}
