using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;

namespace FlowKit.Components;

/// <summary>
/// Brings executors that are not built in: compiles or builds what is not, loads each into a world of its own, and shares it among all entries that
/// use the same code, as long as any of them does.
/// </summary>
internal sealed class ExecutorSources
{
    private readonly Dictionary<string, WeakReference<LoadedCode>> _loaded = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly SourceBuilder _files;
    private readonly ProjectBuilder _projects;
    private readonly PackageBuilder _packages;
    private readonly CacheFolder _cache;

    /// <param name="sdk">The SDK that builds.</param>
    /// <param name="cache">Where what was built is kept.</param>
    public ExecutorSources(DotnetSdk sdk, CacheFolder cache)
    {
        _cache = cache;
        _projects = new ProjectBuilder(sdk, cache);
        _files = new SourceBuilder(_projects, cache);
        _packages = new PackageBuilder(_projects, cache);
    }

    /// <summary>Finds an entry's executor.</summary>
    /// <param name="config">The entry.</param>
    /// <param name="reference">What it uses.</param>
    /// <param name="baseDirectory">Where relative paths start.</param>
    /// <param name="watch">Whoever waits for a build.</param>
    /// <exception cref="FlowConfigException">It is not there, or does not compile.</exception>
    /// <exception cref="FlowKitException">It cannot be built or loaded.</exception>
    public ExecutorDescriptor Resolve(ExecutorConfig config, UsesReference reference, string baseDirectory, BuildWatch watch = default)
    {
        try
        {
            return Find(config, reference, baseDirectory, watch);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Refuse(config, $"{exception.Message} What is compiled is kept in '{_cache.Path}'; {CacheFolder.Variable} names another folder");
        }
    }

    private ExecutorDescriptor Find(ExecutorConfig config, UsesReference reference, string baseDirectory, BuildWatch watch)
    {
        var path = reference.IsPath ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(reference.Target.Replace('\\', '/'), baseDirectory)) : "";
        lock (_lock)
        {
            var built = reference.Origin switch
            {
                UsesOrigin.Source => new BuiltAssembly(_files.Build(ReadText(config, path), path, watch), path),
                UsesOrigin.Project => new BuiltAssembly(_projects.Build(ProjectFolder.Find(path, out var problem) ?? throw Refuse(config, problem), watch), path),
                UsesOrigin.Assembly => new BuiltAssembly(File.Exists(path) ? path : throw Refuse(config, $"the assembly '{path}' does not exist"), path),
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

    private static string ReadText(ExecutorConfig config, string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : throw Refuse(config, $"the file '{path}' does not exist");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Refuse(config, $"the file '{path}' cannot be read: {exception.Message}");
        }
    }

    private static FlowConfigException Refuse(ExecutorConfig config, string message) => new([new ConfigError(config.UsesPlace, "uses", message)]);
}
