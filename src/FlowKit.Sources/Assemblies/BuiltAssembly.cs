using FlowKit.Sources.Projects;

namespace FlowKit.Sources.Assemblies;

/// <summary>An assembly on disk that brings executors.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Shown">What messages call it: what the user wrote.</param>
internal sealed record BuiltAssembly(string Path, string Shown)
{
    /// <summary>The assembly whose <c>.deps.json</c> tells its dependencies: itself, but for a package.</summary>
    public string Root { get; init; } = Path;

    /// <summary>The same for the same code with the same dependencies.</summary>
    public string Key()
    {
        var folder = System.IO.Path.GetDirectoryName(Root)!;
        var beside = Directory.EnumerateFiles(folder, "*.dll").Where(file => file != Path);
        var own = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path)));
        return CacheFolder.KeyOf(Path, own, ProjectInputs.StampOf(beside));
    }
}
