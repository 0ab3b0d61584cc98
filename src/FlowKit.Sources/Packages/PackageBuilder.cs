using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Sources.Assemblies;
using FlowKit.Sources.Projects;

namespace FlowKit.Sources.Packages;

/// <summary>Restores a NuGet package with all that it needs, through the SDK and into its usual folder.</summary>
internal sealed class PackageBuilder(ProjectBuilder projects, CacheFolder cache)
{
    /// <param name="target"><c>Id@version</c>.</param>
    /// <param name="baseDirectory">The flow's folder.</param>
    /// <param name="watch">Whoever waits.</param>
    /// <exception cref="FlowConfigException">It does not restore.</exception>
    /// <exception cref="FlowKitException">It has no assembly.</exception>
    public BuiltAssembly Build(string target, string baseDirectory, BuildWatch watch)
    {
        var (id, version) = target.Split('@') is [var first, var second]
            ? (first, second)
            : throw new ArgumentException("no version", nameof(target));
        var document = GeneratedProject.OfPackage(id, version, baseDirectory);
        var entry = cache.Entry("packages", document.ToString());
        var project = Path.Combine(entry, "FlowKitPackage.csproj");
        if (!File.Exists(project))
        {
            cache.Fill(entry, folder => document.Save(Path.Combine(folder, "FlowKitPackage.csproj")));
        }

        var root = projects.Build(project, watch);
        var names = AssembliesOf(Path.Combine(entry, "obj", "project.assets.json"), id);
        var name = names.FirstOrDefault(file => Path.GetFileNameWithoutExtension(file).Equals(id, StringComparison.OrdinalIgnoreCase))
            ?? (names is [var only] ? only : null);
        var path = name is null ? "" : Path.Combine(Path.GetDirectoryName(root)!, name);
        return File.Exists(path)
            ? new BuiltAssembly(path, $"{UsesReference.PackageScheme}{target}") { Root = root }
            : throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"the package '{target}' cannot be used: it has "
                    + (names.Count == 0
                        ? "no assembly for this .NET"
                        : $"the assemblies {string.Join(", ", names)}, none of which is named {id}")
                    + "; an executor's package has one, named as it is.");
    }

    /// <summary>The assemblies that the restore has chosen from the package itself.</summary>
    private static List<string> AssembliesOf(string assets, string id)
    {
        try
        {
            var targets = JsonNode.Parse(File.ReadAllText(assets))?["targets"]?.AsObject();
            return [.. (targets ?? []).SelectMany(target => target.Value!.AsObject())
                .Where(library => library.Key.StartsWith($"{id}/", StringComparison.OrdinalIgnoreCase))
                .SelectMany(library => library.Value!["runtime"]?.AsObject().Select(file => Path.GetFileName(file.Key)) ?? [])
                .Where(file => file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))];
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return [];
        }
    }
}
