using System.Reflection;
using FlowKit.Configuration;

namespace FlowKit.Components;

/// <summary>The executors that <c>uses:</c> can name, found once at start-up.</summary>
public sealed class ComponentCatalog
{
    private static readonly string[] s_files = ["FlowKit.Executors.*.dll", "FlowKit.Serving.dll"];

    private static readonly ExecutorDescriptor s_image = new(typeof(ImageExecutor));

    private readonly Dictionary<string, ExecutorDescriptor> _byName = new(StringComparer.Ordinal);

    private ComponentCatalog()
    {
    }

    /// <summary>All executors, by name.</summary>
    public IEnumerable<ExecutorDescriptor> Executors => _byName.Values.OrderBy(descriptor => descriptor.Name, StringComparer.Ordinal);

    /// <summary>Scans assemblies; <see cref="BaseExecutor"/> is always there.</summary>
    /// <param name="assemblies">Where executors may be.</param>
    /// <exception cref="FlowKitException">Two executors have one name.</exception>
    public static ComponentCatalog Scan(params IEnumerable<Assembly> assemblies) =>
        Of(assemblies.Distinct().SelectMany(assembly => assembly.GetExportedTypes()).Where(IsExecutor));

    /// <summary>Holds the given executors and <see cref="BaseExecutor"/>.</summary>
    /// <param name="executors">Concrete classes derived from <see cref="Executor"/>.</param>
    /// <exception cref="FlowKitException">Two executors have one name.</exception>
    public static ComponentCatalog Of(params IEnumerable<Type> executors)
    {
        var catalog = new ComponentCatalog();
        foreach (var type in executors.Prepend(typeof(BaseExecutor)).Distinct())
        {
            catalog.Add(new ExecutorDescriptor(type));
        }

        return catalog;
    }

    /// <summary>Scans every executor assembly that lies beside the running program.</summary>
    public static ComponentCatalog ScanApplication()
    {
        var abstractions = typeof(Executor).Assembly.GetName().Name!;
        var assemblies = s_files
            .SelectMany(pattern => Directory.EnumerateFiles(AppContext.BaseDirectory, pattern))
            .Select(Load)
            .Concat(AppDomain.CurrentDomain.GetAssemblies().Where(assembly => !assembly.IsDynamic && assembly.GetReferencedAssemblies().Any(name => name.Name == abstractions)));
        return Scan(assemblies);
    }

    /// <summary>Finds what an entry's <c>uses:</c> names: an executor's name, its class, or a C# file.</summary>
    /// <param name="config">The entry.</param>
    /// <param name="baseDirectory">Where relative paths start: the flow's folder.</param>
    /// <exception cref="FlowConfigException">Nothing has that name, or the file does not compile.</exception>
    public ExecutorDescriptor Resolve(ExecutorConfig config, string baseDirectory)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.Launch?.Container?.Image is not null)
        {
            return s_image;
        }

        if (config.Uses.EndsWith(".cs", StringComparison.OrdinalIgnoreCase))
        {
            return SourceExecutorLoader.Load(config, Path.GetFullPath(config.Uses, baseDirectory));
        }

        return _byName.GetValueOrDefault(config.Uses)
            ?? _byName.Values.FirstOrDefault(descriptor => string.Equals(descriptor.Type.FullName, config.Uses, StringComparison.Ordinal))
            ?? throw Unknown(config);
    }

    /// <summary>One that lies beside the program without being part of it is found by its path alone.</summary>
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

    internal static bool IsExecutor(Type type) => type is { IsClass: true, IsAbstract: false } && type.IsSubclassOf(typeof(Executor));

    private void Add(ExecutorDescriptor descriptor)
    {
        if (!_byName.TryAdd(descriptor.Name, descriptor))
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"Two executors are named '{descriptor.Name}': {_byName[descriptor.Name].Type.AssemblyQualifiedName} and {descriptor.Type.AssemblyQualifiedName}.");
        }
    }

    private FlowConfigException Unknown(ExecutorConfig config)
    {
        var hint = NearestName.Find(config.Uses, _byName.Keys) is { } near ? $"did you mean '{near}'?" : $"known are {string.Join(", ", _byName.Keys.Order(StringComparer.Ordinal))}, or a path to a .cs file";
        return new FlowConfigException([new ConfigError(config.UsesPlace, "uses", $"no executor is named '{config.Uses}'; {hint}")]);
    }
}
