using System.Globalization;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Remote;
using FlowKit.Configuration.Schema;

namespace FlowKit.Configuration.Launching;

/// <summary>Reads what an entry says of its container.</summary>
/// <param name="diagnostics">Collects mistakes.</param>
internal sealed class ContainerSection(ConfigDiagnostics diagnostics)
{
    private static readonly WholeParser s_port = new(1, 65535);

    private readonly VolumesSection _volumes = new(diagnostics);
    private readonly EngineOptionsSection _options = new(diagnostics);

    public ContainerConfig Read(ExecutorConfig config, string? image, KeyValues values, string path, string folder)
    {
        var mode = values.Get(LaunchKeys.NetworkMode);
        var (options, network) = _options.Read(values.Get(LaunchKeys.EngineOptions), $"{path}.docker_kwargs");
        return new ContainerConfig
        {
            Image = image,
            Volumes = _volumes.Read(values.Get(LaunchKeys.Volumes), $"{path}.volumes", folder),
            Entrypoint = values.Get(LaunchKeys.Entrypoint),
            EngineOptions = options,
            Gpus = config.Gpus,
            User = values.Get(LaunchKeys.User),
            Cpus = values.Get(LaunchKeys.Cpus),
            Network = network ?? (mode == LaunchKeys.NetworkMode.Absent ? null : mode),
            Ports = ReadPorts(config, values, path),
            PullLatest = values.Get(LaunchKeys.PullLatest),
            Platform = values.Get(LaunchKeys.Platform),
            MountsWorkspace = !values.Get(LaunchKeys.NoAutoVolume),
            DocArrayVersion = values.Get(RemoteKeys.DocArrayVersion),
        };
    }

    private List<int> ReadPorts(ExecutorConfig config, KeyValues values, string path)
    {
        var ports = new List<int>();
        foreach (var port in values.Get(RemoteKeys.Port))
        {
            if (s_port.TryRead(port, $"{path}.port", diagnostics, out var number))
            {
                ports.Add(number);
            }
        }

        var pods = config.Replicas * config.Shards;
        if (ports.Count > 0 && ports.Count < pods)
        {
            diagnostics.Add(
                values.PlaceOf(RemoteKeys.Port),
                $"{path}.port",
                $"expected a port for each of the {pods.ToString(CultureInfo.InvariantCulture)} containers, or none for free ones");
        }

        return ports;
    }
}
