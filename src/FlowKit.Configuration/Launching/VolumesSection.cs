using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Launching;

/// <summary>
/// Reads <c>volumes</c> as Jina writes them: <c>source:target[:ro]</c>, or <c>source</c> alone, which is seen under its last name at the
/// top of the container. A source is a path of this machine: <c>~</c> is the home folder, and a relative one starts at the flow's file.
/// </summary>
/// <param name="diagnostics">Collects mistakes.</param>
internal sealed class VolumesSection(ConfigDiagnostics diagnostics)
{
    private const string Expected = "expected source, source:target or source:target:ro";

    public IReadOnlyList<VolumeConfig> Read(IReadOnlyList<YamlScalar> volumes, string path, string folder) =>
        [.. volumes.Select(volume => Read(volume, path, folder)).OfType<VolumeConfig>()];

    private VolumeConfig? Read(YamlScalar volume, string path, string folder)
    {
        var parts = volume.Value.Split(':');
        var mode = parts.Length == 3 ? parts[2] : "rw";
        if (parts.Length > 3 || parts[0].Trim().Length == 0 || mode is not ("ro" or "rw") || volume.Value.Any(char.IsControl))
        {
            diagnostics.Add(volume.Place, path, $"{Expected}, not {volume.Shown}");
            return null;
        }

        var source = Path.GetFullPath(Expand(parts[0]), folder);
        var target = parts.Length > 1 ? parts[1] : $"/{Path.GetFileName(Path.TrimEndingDirectorySeparator(source))}";
        if (target is not ['/', ..] || target.Contains(',', StringComparison.Ordinal) || source.Contains(',', StringComparison.Ordinal))
        {
            diagnostics.Add(volume.Place, path, $"{Expected} with a target that starts with '/', and no comma, not {volume.Shown}");
            return null;
        }

        if (!Path.Exists(source))
        {
            diagnostics.Add(volume.Place, path, $"{(volume.Form == ScalarForm.Substituted ? volume.Shown : $"'{source}'")} is not on "
                + $"this machine; make the folder, or correct the path");
            return null;
        }

        return new VolumeConfig(source, target, mode == "ro");
    }

    private static string Expand(string path) =>
        path == "~" || path.StartsWith("~/", StringComparison.Ordinal)
            ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[1..]
            : path;
}
