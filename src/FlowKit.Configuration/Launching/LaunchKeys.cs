using System.Text.RegularExpressions;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;
using static FlowKit.Configuration.Schema.Declare;

namespace FlowKit.Configuration.Launching;

/// <summary>The keys of an entry whose executor runs outside the flow's own process.</summary>
internal static partial class LaunchKeys
{
    public const string InProcess = "in_process";

    public static readonly Key<string?> Runtime = new(
        "runtime", new ChoiceParser(InProcess, LaunchConfig.Process, LaunchConfig.InContainer)!, null);
    public static readonly Key<bool> Native = Flag("native");
    public static readonly Key<long> Memory = new("memory", new SizeParser(), 0);
    public static readonly Key<string?> WorkingDirectory = FilePath("working_dir");
    public static readonly Key<IReadOnlyList<YamlScalar>> Volumes = TextList("volumes");
    public static readonly Key<string?> Entrypoint = Text("entrypoint");
    public static readonly Key<YamlMapping?> EngineOptions = Mapping("docker_kwargs");
    public static readonly Key<string> NetworkMode = new("force_network_mode", new ChoiceParser("auto", "host", "bridge"), "auto");
    public static readonly Key<bool> NoAutoVolume = Flag("disable_auto_volume");
    public static readonly Key<bool> PullLatest = Flag("pull_latest");
    public static readonly Key<string?> Platform = new(
        "prefer_platform", new PatternParser("a platform such as linux/amd64", PlatformForm())!, null);
    public static readonly Key<string?> User = new("user", new PatternParser("a user such as 1000, 1000:1000 or app", UserForm())!, null);
    public static readonly Key<string?> Cpus = new("cpus", new PatternParser("a number of processors such as 2 or 0.5", CpusForm())!, null);

    /// <summary>Those of every executor outside this process.</summary>
    public static readonly IReadOnlyList<Key> Outside = [Memory, WorkingDirectory];

    /// <summary>Those that mean something only to a container.</summary>
    public static readonly IReadOnlyList<Key> Container =
        [Volumes, Entrypoint, EngineOptions, NetworkMode, NoAutoVolume, PullLatest, Platform, User, Cpus];

    public static readonly IReadOnlyList<Key> All = [Runtime, Native, .. Outside, .. Container];

    [GeneratedRegex(@"\A[a-z0-9]+/[a-z0-9]+(/[a-z0-9]+)?\z")]
    private static partial Regex PlatformForm();

    [GeneratedRegex(@"\A[a-zA-Z0-9_][a-zA-Z0-9_.-]*(:[a-zA-Z0-9_][a-zA-Z0-9_.-]*)?\z")]
    private static partial Regex UserForm();

    [GeneratedRegex(@"\A(?=.*[1-9])[0-9]{1,4}(\.[0-9]{1,3})?\z")]
    private static partial Regex CpusForm();
}
