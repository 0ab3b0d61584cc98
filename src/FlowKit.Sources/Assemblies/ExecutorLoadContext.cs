using System.Reflection;
using System.Runtime.Loader;

namespace FlowKit.Sources.Assemblies;

/// <summary>
/// The world of one brought assembly: itself and what lies beside it, apart from those of others. Managed assemblies are read into memory,
/// so that their files can be built anew while they run. It unloads by itself when nothing refers to it or its executors any more.
/// </summary>
internal sealed class ExecutorLoadContext : AssemblyLoadContext
{
    private readonly AssemblyDependencyResolver _resolver;

    /// <param name="path">The assembly whose <c>.deps.json</c>, or else whose folder, says where its dependencies are.</param>
    /// <exception cref="InvalidOperationException">Its <c>.deps.json</c> is damaged.</exception>
    public ExecutorLoadContext(string path)
        : base(Path.GetFileNameWithoutExtension(path), isCollectible: true) => _resolver = new AssemblyDependencyResolver(path);

    /// <summary>Reads an assembly and its line numbers into this world.</summary>
    public Assembly Read(string path)
    {
        using var image = new MemoryStream(File.ReadAllBytes(path));
        var lines = Path.ChangeExtension(path, ".pdb");
        using var symbols = File.Exists(lines) ? new MemoryStream(File.ReadAllBytes(lines)) : null;
        return LoadFromStream(image, symbols);
    }

    /// <summary>Tells whether a reference leads anywhere.</summary>
    public bool CanFind(AssemblyName name) => SharedAssemblies.Has(name) || _resolver.ResolveAssemblyToPath(name) is not null;

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (SharedAssemblies.IsShared(assemblyName))
        {
            return null;
        }

        if (_resolver.ResolveAssemblyToPath(assemblyName) is { } path)
        {
            return Read(path);
        }

        return null;
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : nint.Zero;
}
