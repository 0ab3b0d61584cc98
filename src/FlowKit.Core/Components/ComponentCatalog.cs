using System.Reflection;
using FlowKit.Components.Launching;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Hub;

namespace FlowKit.Components;

/// <summary>The executors that <c>uses:</c> can name, found once at start-up.</summary>
public sealed class ComponentCatalog
{
    private static readonly string[] s_files = ["FlowKit.Executors.*.dll", "FlowKit.Serving.dll"];

    private static readonly ExecutorDescriptor s_image = new(typeof(ImageExecutor));

    private readonly Dictionary<string, ExecutorDescriptor> _byName;
    private readonly IExecutorSources? _sources;

    private ComponentCatalog(Dictionary<string, ExecutorDescriptor> byName, IExecutorSources? sources) =>
        (_byName, _sources) = (byName, sources);

    /// <summary>All executors, by name.</summary>
    public IEnumerable<ExecutorDescriptor> Executors => _byName.Values.OrderBy(descriptor => descriptor.Name, StringComparer.Ordinal);

    /// <summary>Scans assemblies; <see cref="BaseExecutor"/> is always there.</summary>
    /// <param name="assemblies">Where executors may be.</param>
    /// <exception cref="FlowKitException">Two executors have one name.</exception>
    public static ComponentCatalog Scan(params IEnumerable<Assembly> assemblies) =>
        Of(FindIn(assemblies));

    /// <summary>Holds the given executors and <see cref="BaseExecutor"/>.</summary>
    /// <param name="executors">Concrete classes derived from <see cref="Executor"/>.</param>
    /// <exception cref="FlowKitException">Two executors have one name.</exception>
    public static ComponentCatalog Of(params IEnumerable<Type> executors)
    {
        var catalog = new ComponentCatalog(new Dictionary<string, ExecutorDescriptor>(StringComparer.Ordinal), sources: null);
        foreach (var type in executors.Prepend(typeof(BaseExecutor)).Distinct())
        {
            catalog.Add(new ExecutorDescriptor(type));
        }

        return catalog;
    }

    /// <summary>Scans every executor assembly that lies beside the running program.</summary>
    /// <param name="more">Executors that are not found so: classes that are not public, or in assemblies that are not loaded yet.</param>
    public static ComponentCatalog ScanApplication(params IEnumerable<Type> more)
    {
        var abstractions = typeof(Executor).Assembly.GetName().Name!;
        var assemblies = s_files
            .SelectMany(pattern => Directory.EnumerateFiles(AppContext.BaseDirectory, pattern))
            .Select(Load)
            .Concat(
                AppDomain.CurrentDomain.GetAssemblies().Where(
                    assembly => !assembly.IsDynamic && assembly.GetReferencedAssemblies().Any(name => name.Name == abstractions)));
        return Of(FindIn(assemblies).Concat(more));
    }

    /// <summary>The same executors, and those that paths and packages name.</summary>
    /// <param name="sources">Finds the latter.</param>
    public ComponentCatalog With(IExecutorSources sources) => new(_byName, sources);

    /// <summary>
    /// Finds what an entry's <c>uses:</c> names: an executor's name or class, a C# file, a project, an assembly, a package, or a name of
    /// Jina's hub. What is not built yet is built.
    /// </summary>
    /// <param name="config">The entry.</param>
    /// <param name="baseDirectory">Where relative paths start: the flow's folder.</param>
    /// <exception cref="FlowConfigException">Nothing has that name, or it does not compile.</exception>
    /// <exception cref="FlowKitException">It cannot be built or loaded.</exception>
    public ExecutorDescriptor Resolve(ExecutorConfig config, string baseDirectory) =>
        Resolve(config, baseDirectory, null, CancellationToken.None);

    /// <inheritdoc cref="Resolve(ExecutorConfig, string)"/>
    /// <param name="config">The entry.</param>
    /// <param name="baseDirectory">Where relative paths start: the flow's folder.</param>
    /// <param name="building">Is called before a build with the SDK.</param>
    /// <param name="cancellationToken">Gives the build up.</param>
    internal ExecutorDescriptor Resolve(ExecutorConfig config, string baseDirectory, Action? building, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.Launch?.Container?.Image is not null)
        {
            return s_image;
        }

        var reference = UsesReference.Parse(config.Uses);
        return reference.Origin switch
        {
            UsesOrigin.Name => Find(config.Uses) ?? throw Unknown(config),
            UsesOrigin.Hub =>
                HubName.Candidates(reference.Target).Select(Find).FirstOrDefault(found => found is not null)
                    ?? throw UnknownOfHub(config, reference.Target),
            _ when _sources is null => throw WithoutSources(config),
            _ => _sources.Find(config, baseDirectory, building, cancellationToken),
        };
    }

    /// <summary>Lists the files that an executor is made of; none for what is part of the program.</summary>
    internal IEnumerable<string> FilesOf(string uses, string baseDirectory) => _sources?.FilesOf(uses, baseDirectory) ?? [];

    /// <summary>Loads an assembly; one that lies beside the program without being part of it is found by its path alone.</summary>
    private static Assembly Load(string path)
    {
        try
        {
            return Assembly.Load(AssemblyName.GetAssemblyName(path));
        }
        catch (FileNotFoundException)
        {
            return System.Runtime.Loader.AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
        }
    }

    private static IEnumerable<Type> FindIn(IEnumerable<Assembly> assemblies) =>
        assemblies.Distinct().SelectMany(assembly => assembly.GetExportedTypes()).Where(IsExecutor);

    internal static bool IsExecutor(Type type) => type is { IsClass: true, IsAbstract: false } && type.IsSubclassOf(typeof(Executor));

    private void Add(ExecutorDescriptor descriptor)
    {
        if (!_byName.TryAdd(descriptor.Name, descriptor))
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"Two executors are named '{descriptor.Name}': {_byName[descriptor.Name].Type.AssemblyQualifiedName} and "
                    + $"{descriptor.Type.AssemblyQualifiedName}.");
        }
    }

    /// <summary>By its name, its class, or what Jina calls it.</summary>
    private ExecutorDescriptor? Find(string name) => _byName.GetValueOrDefault(name)
        ?? _byName.Values.FirstOrDefault(descriptor => string.Equals(descriptor.Type.FullName, name, StringComparison.Ordinal))
        ?? (HubName.BuiltIn(name) is { } here ? _byName.GetValueOrDefault(here) : null);

    private static FlowConfigException WithoutSources(ExecutorConfig config) => new([new ConfigError(
        config.UsesPlace,
        "uses",
        $"'{config.Uses}' is not part of this program, which brings no executors from files, projects and packages; add "
            + $"FlowKit.Sources: catalog.With(ExecutorSources.Default)")]);

    private static FlowConfigException UnknownOfHub(ExecutorConfig config, string name)
    {
        var bare = HubName.Bare(name);
        return new FlowConfigException([new ConfigError(config.UsesPlace, "uses", $"nothing here stands for '{name}', and there is no "
            + $"hub; say what does in the flow, 'hub: {{{bare}: ./my-executor}}', or in {HubTable.Variable}")]);
    }

    private FlowConfigException Unknown(ExecutorConfig config)
    {
        var known = string.Join(", ", _byName.Keys.Order(StringComparer.Ordinal));
        var hint = NearestName.Find(config.Uses, _byName.Keys) is { } near
            ? $"did you mean '{near}'?"
            : $"known are {known}, or the path of a C# file, a project's folder or an assembly";
        return new FlowConfigException([new ConfigError(config.UsesPlace, "uses", $"no executor is named '{config.Uses}'; {hint}")]);
    }
}
