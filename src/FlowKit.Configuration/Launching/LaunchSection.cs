using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Hub;
using FlowKit.Configuration.Schema;

namespace FlowKit.Configuration.Launching;

/// <summary>
/// Reads where an executor runs. An image comes in here as <c>uses: docker://…</c>, whoever wrote it so: the flow's author, or a hub's
/// table that a name was looked up in.
/// </summary>
/// <param name="diagnostics">Collects mistakes.</param>
internal sealed class LaunchSection(ConfigDiagnostics diagnostics)
{
    private readonly ContainerSection _container = new(diagnostics);

    /// <param name="config">The entry as an executor in this process.</param>
    /// <param name="values">Its keys.</param>
    /// <param name="path">Its path, for messages.</param>
    /// <param name="folder">Where relative paths start.</param>
    public ExecutorConfig Read(ExecutorConfig config, KeyValues values, string path, string folder)
    {
        var image = UsesForm.ImageOf(config.Uses);
        var runtime = RuntimeOf(config, values);
        CheckPlace(values, path, image is not null, runtime);
        CheckKeys(values, path, runtime, HubName.IsHub(config.Uses));
        if (runtime == LaunchKeys.InProcess)
        {
            return config;
        }

        var launch = new LaunchConfig
        {
            Runtime = runtime,
            MemoryBytes = values.Get(LaunchKeys.Memory) is > 0 and var bytes ? bytes : null,
            WorkingDirectory = values.Get(LaunchKeys.WorkingDirectory),
        };
        return runtime == LaunchConfig.Process
            ? config with { Launch = launch }
            : config with { Launch = launch with { Container = _container.Read(config, image, values, path, folder) }, Gpus = null };
    }

    /// <summary>The place where an entry's executor runs: an image always in a container.</summary>
    /// <param name="config">The entry.</param>
    /// <param name="values">Its keys.</param>
    public static string RuntimeOf(ExecutorConfig config, KeyValues values) =>
        UsesForm.ImageOf(config.Uses) is null ? values.Get(LaunchKeys.Runtime) ?? LaunchKeys.InProcess : LaunchConfig.InContainer;

    private void CheckPlace(KeyValues values, string path, bool isImage, string runtime)
    {
        var written = values.Get(LaunchKeys.Runtime);
        if (isImage && written is not (null or LaunchConfig.InContainer))
        {
            diagnostics.Add(
                values.PlaceOf(LaunchKeys.Runtime),
                $"{path}.runtime",
                $"an image ({UsesForm.ImageScheme}…) runs in a container; leave 'runtime' out");
        }

        if (values.Get(LaunchKeys.Native) && runtime != LaunchKeys.InProcess)
        {
            diagnostics.Add(values.PlaceOf(LaunchKeys.Native), $"{path}.native", $"'native: true' runs it in the flow's own process, "
                + $"{(isImage ? "which an image cannot" : $"but 'runtime: {runtime}' does not")}; keep one of them");
        }
    }

    /// <summary>
    /// A name of Jina's hub was written for a container: what belongs to one says nothing where FlowKit's own executor stands in.
    /// </summary>
    private void CheckKeys(KeyValues values, string path, string runtime, bool isHub)
    {
        foreach (var key in LaunchKeys.Outside.Where(key => runtime == LaunchKeys.InProcess && values.Has(key)))
        {
            diagnostics.Add(
                values.PlaceOf(key),
                $"{path}.{key.Name}",
                "belongs to an executor outside the flow's own process: write 'runtime: process' or 'runtime: container' beside it");
        }

        foreach (
            var key in LaunchKeys.Container.Where(key => runtime != LaunchConfig.InContainer && values.Has(key) && !IsUsual(values, key)))
        {
            if (isHub && runtime == LaunchKeys.InProcess)
            {
                diagnostics.Warn(
                    values.PlaceOf(key),
                    $"{path}.{key.Name}",
                    "ignored: an executor inside FlowKit sees the machine's own files; name them in its options");
                continue;
            }

            diagnostics.Add(
                values.PlaceOf(key),
                $"{path}.{key.Name}",
                $"belongs to a container: write 'runtime: container' beside it, or an image ({UsesForm.ImageScheme}…) under 'uses'");
        }
    }

    /// <summary>Tells whether a key only repeats what Jina writes out for every executor.</summary>
    private static bool IsUsual(KeyValues values, Key key) => values.EntryOf(key)!.Value.IsNull
        || (key == LaunchKeys.NetworkMode && values.Get(LaunchKeys.NetworkMode) == LaunchKeys.NetworkMode.Absent)
        || (key == LaunchKeys.NoAutoVolume && !values.Get(LaunchKeys.NoAutoVolume))
        || (key == LaunchKeys.PullLatest && !values.Get(LaunchKeys.PullLatest));
}
