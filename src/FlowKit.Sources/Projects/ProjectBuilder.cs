using FlowKit.Configuration.Diagnostics;

namespace FlowKit.Sources.Projects;

/// <summary>Builds a project with the SDK when what it is built from has changed since.</summary>
/// <param name="sdk">The SDK.</param>
/// <param name="cache">Where it remembers what it has built.</param>
internal sealed class ProjectBuilder(DotnetSdk sdk, CacheFolder cache)
{
    /// <summary>A project built anew gives other assemblies when FlowKit's own have changed.</summary>
    private static readonly string s_flowKit = $"{typeof(Executor).Module.ModuleVersionId} {Environment.Version}";

    /// <returns>The assembly that it is built to.</returns>
    /// <param name="project">The project's file.</param>
    /// <param name="watch">Whoever waits.</param>
    /// <exception cref="FlowConfigException">It does not build; the mistakes as the compiler tells them.</exception>
    /// <exception cref="FlowKitException">There is no SDK.</exception>
    public string Build(string project, BuildWatch watch)
    {
        var entry = cache.Entry("projects", project);
        using var alone = CacheFolder.Lock(entry, watch.Token);
        var stamp = Path.Combine(entry, "built");
        var look = $"{ProjectInputs.StampOf(ProjectInputs.Of(project))} {s_flowKit}";
        if (Read(stamp) is [var target, var built] && built == look && File.Exists(target))
        {
            return target;
        }

        watch.Begins?.Invoke();
        var path = sdk.Build(project, cancellationToken: watch.Token).AssemblyOf(project);
        WholeFile.Write(stamp, $"{path}\n{look}\n");
        return path;
    }

    private static string[] Read(string stamp)
    {
        try
        {
            return File.Exists(stamp) ? File.ReadAllLines(stamp) : [];
        }
        catch (IOException)
        {
            return [];
        }
    }
}
