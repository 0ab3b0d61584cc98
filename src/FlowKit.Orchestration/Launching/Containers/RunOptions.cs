using System.Globalization;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Launching;
using FlowKit.Orchestration.Devices;

namespace FlowKit.Orchestration.Launching.Containers;

/// <summary>The words of <c>docker run</c> for one replica.</summary>
internal sealed class RunOptions(ExecutorConfig config, ExecutorContext context, ContainerImage image)
{
    /// <summary>The port that it listens on inside.</summary>
    public const int InnerPort = 51000;

    /// <summary>The path of its workspace inside.</summary>
    public const string Workspace = "/workspace";

    private const string HostNetwork = "host";

    /// <summary>The engine's options that keep a container to its work, unless <c>docker_kwargs</c> says otherwise.</summary>
    private static readonly (string Option, string Value)[] s_bounds =
        [("--cap-drop", "ALL"), ("--security-opt", "no-new-privileges"), ("--pids-limit", "4096")];

    /// <summary>Three quarters of the machine's memory, in bytes: one container that grows without end leaves the rest to the others.</summary>
    private static readonly long s_defaultMemory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3;

    private readonly LaunchConfig _launch = config.Launch!;
    private readonly ContainerConfig _container = config.Launch!.Container!;

    /// <summary>Files of this machine that it may not read, wherever they are mounted.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    private bool IsFlowKit => image.Entry is not null;

    /// <summary>Indicates whether it shares this machine's ports.</summary>
    public bool SharesNetwork => _container.Network == HostNetwork;

    /// <summary>All of them, the image and what it is given included.</summary>
    /// <param name="name">The container's name.</param>
    /// <param name="flow">The flow's name.</param>
    /// <param name="port">The port it listens on.</param>
    public IReadOnlyList<string> Words(string name, string flow, int port) =>
    [
        "run", "--interactive", "--no-healthcheck", "--name", name,
        "--label", $"{Sweep.OwnerLabel}={ProcessMark.Own.Text}",
        "--label", $"{Sweep.MachineLabel}={Environment.MachineName}",
        "--label", $"{Sweep.FlowLabel}={flow}",
        .. Network(), .. Mounts(), .. Limits(), .. Bounds(),
        .. WorkerEnvironment.Of(context).SelectMany(pair => (string[])["--env", pair.Key]),
        .. Gpus() is { } gpus ? (string[])["--gpus", gpus] : [],
        .. _container.Entrypoint is { } entrypoint ? (string[])["--entrypoint", entrypoint] : [],
        .. _container.EngineOptions,
        image.Name,
        .. IsFlowKit ? FlowKitArguments(port) : JinaArguments(port),
    ];

    /// <summary>Returns the entry that FlowKit's images read from their input: paths and devices as they are inside.</summary>
    public WorkerEntry Entry() => WorkerEntry.Of(config, context) with
    {
        Uses = _container.Image is null ? config.Uses : null,
        Workspace = _container.MountsWorkspace ? Workspace : null,
        BaseDirectory = _container.Image is null ? context.BaseDirectory : null,
        Device = DeviceInside(),
    };

    /// <summary>Names the device as it is numbered inside, where the container sees only the GPUs that it was given.</summary>
    private string DeviceInside()
    {
        if (context.Device != "cpu")
        {
            return "cuda:0";
        }

        return _container.Gpus is null ? "cpu" : "cuda";
    }

    private string[] FlowKitArguments(int port)
    {
        string[] executor = image.Entry == ContainerImage.WholeCommand ? ["executor"] : [];
        var host = SharesNetwork ? "127.0.0.1" : "0.0.0.0";
        return [.. executor, "--entry", "-", "--host", host, "--port", port.ToString(CultureInfo.InvariantCulture)];
    }

    /// <summary>As Jina tells its own images.</summary>
    private string[] JinaArguments(int port)
    {
        string[] with = config.UsesWith.Count > 0 ? ["--uses-with", config.UsesWith.ToJsonString()] : [];
        string[] requests = config.UsesRequests.Count > 0
            ? ["--uses-requests", System.Text.Json.JsonSerializer.Serialize(config.UsesRequests)]
            : [];
        string[] workspace = _container.MountsWorkspace ? ["--workspace", Workspace] : [];
        return
        [
            "--name", context.Name,
            "--port", port.ToString(CultureInfo.InvariantCulture),
            .. with, .. requests, .. workspace, "--native",
        ];
    }

    private string[] Network()
    {
        var pod = (context.ShardId * context.Replicas) + context.ReplicaId;
        if (SharesNetwork)
        {
            return ["--network", HostNetwork];
        }

        return _container.Network is { } network
            ? ["--network", network, "--publish", Published(pod)]
            : ["--publish", Published(pod)];
    }

    private string Published(int pod) =>
        string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{(pod < _container.Ports.Count ? _container.Ports[pod] : "")}:{InnerPort}");

    /// <summary>FlowKit's own image finds the flow's folder where it is outside, so that relative paths mean the same.</summary>
    private IEnumerable<string> Mounts()
    {
        var volumes = _container.Volumes.Select(volume => (volume.Source, volume.Target, volume.IsReadOnly));
        if (_container.MountsWorkspace)
        {
            volumes = volumes.Append((context.Workspace, Workspace, false));
        }

        if (_container.Image is null)
        {
            volumes = volumes.Concat(OwnFolders().Select(folder => (folder, folder, true)));
        }

        var mounted = volumes.DistinctBy(volume => volume.Item2, StringComparer.Ordinal).ToList();
        return mounted.Concat(mounted.SelectMany(volume => Hidden(volume.Item1, volume.Item2))).SelectMany(volume =>
        {
            var readOnly = volume.Item3 ? ",readonly" : "";
            return (string[])["--mount", $"type=bind,source={volume.Item1},target={volume.Item2}{readOnly}"];
        });
    }

    /// <summary>Nothing instead of each secret that lies in a folder.</summary>
    private IEnumerable<(string Source, string Target, bool IsReadOnly)> Hidden(string source, string target)
    {
        foreach (var secret in Secrets.Where(File.Exists))
        {
            var path = Path.GetRelativePath(source, secret);
            if (path != "." && !path.StartsWith("..", StringComparison.Ordinal) && !Path.IsPathRooted(path))
            {
                yield return ("/dev/null", $"{target.TrimEnd('/')}/{path}", true);
            }
        }
    }

    /// <summary>
    /// Returns what keeps it to its work. FlowKit's own images write to their workspace and to temporary files alone, so that their root
    /// needs no writing; others may.
    /// </summary>
    private IEnumerable<string> Bounds()
    {
        if (_container.EngineOptions.Contains("--privileged"))
        {
            yield break;
        }

        foreach (var (option, value) in s_bounds.Where(bound => !Says(bound.Option)))
        {
            yield return $"{option}={value}";
        }

        if (_launch.MemoryBytes is null && !Says("--memory"))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"--memory={s_defaultMemory}");
        }

        if (!IsFlowKit || Says("--read-only"))
        {
            yield break;
        }

        yield return "--read-only";
        yield return "--tmpfs=/tmp:exec,nosuid,nodev";
        if (!_container.MountsWorkspace)
        {
            yield return $"--tmpfs={Workspace}:exec,nosuid,nodev,mode=1777";
        }
    }

    private bool Says(string option) =>
        _container.EngineOptions.Any(word => word == option || word.StartsWith($"{option}=", StringComparison.Ordinal));

    /// <summary>The flow's folder, and that of an executor's files where they lie elsewhere.</summary>
    private IEnumerable<string> OwnFolders()
    {
        var uses = Path.GetFullPath(config.Uses, context.BaseDirectory);
        return new[] { context.BaseDirectory, File.Exists(uses) ? Path.GetDirectoryName(uses)! : uses }.Where(Directory.Exists);
    }

    /// <summary>
    /// Returns memory, CPU and user. Files in its workspace belong to the user that runs the flow; an image that is not FlowKit's keeps
    /// its own user.
    /// </summary>
    private IEnumerable<string> Limits()
    {
        if (_container.User is { } user)
        {
            yield return $"--user={user}";
        }
        else if (IsFlowKit && Signals.UserId is { } own)
        {
            yield return $"--user={own}";
        }

        if (_launch.MemoryBytes is { } bytes)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"--memory={bytes}");
            yield return string.Create(CultureInfo.InvariantCulture, $"--memory-swap={bytes}");
        }

        if (_container.Cpus is { } cpus)
        {
            yield return $"--cpus={cpus}";
        }

        if (_container.Platform is { } platform)
        {
            yield return $"--platform={platform}";
        }

        if (_launch.WorkingDirectory is { } folder)
        {
            yield return $"--workdir={folder}";
        }
    }

    /// <summary>Those that are asked for, or the one that the replica is pinned to, by the number the engine gives it.</summary>
    private string? Gpus()
    {
        if (_container.Gpus is { } asked)
        {
            return GpuWords.Of(asked);
        }

        if (!context.Device.StartsWith("cuda:", StringComparison.Ordinal))
        {
            return context.Device == "cpu" ? null : "all";
        }

        var ordinal = int.Parse(context.Device.AsSpan("cuda:".Length), CultureInfo.InvariantCulture);
        var seen = Environment.GetEnvironmentVariable(CudaVisibleDevices.Variable)?.Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return $"device={(seen is not null && ordinal < seen.Length ? seen[ordinal] : ordinal.ToString(CultureInfo.InvariantCulture))}";
    }
}
