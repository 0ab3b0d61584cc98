using System.Text.Json.Nodes;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Launching;

/// <summary>
/// Turns <c>docker_kwargs</c>, which have the names of Docker's Python library, into options of the command line, which <c>docker</c> and
/// <c>podman</c> share.
/// </summary>
/// <param name="diagnostics">Collects mistakes.</param>
internal sealed class EngineOptionsSection(ConfigDiagnostics diagnostics)
{
    private const string Own = "FlowKit sets this itself; remove it";

    /// <summary>Names whose option is the same word with hyphens.</summary>
    private static readonly string[] s_alike =
    [
        "cap_add", "cap_drop", "cgroup_parent", "cpu_period", "cpu_quota", "cpu_shares", "cpus", "cpuset_cpus", "cpuset_mems", "dns",
        "dns_search", "domainname", "group_add", "hostname", "init", "isolation", "log_driver", "mac_address", "oom_kill_disable",
        "oom_score_adj", "pids_limit", "privileged", "read_only", "runtime", "security_opt", "shm_size", "tmpfs",
    ];

    /// <summary>Names whose option is another word.</summary>
    private static readonly (string Name, string Option)[] s_different =
    [
        ("devices", "device"), ("dns_opt", "dns-option"), ("environment", "env"), ("extra_hosts", "add-host"), ("ipc_mode", "ipc"),
        ("labels", "label"), ("mem_limit", "memory"), ("mem_reservation", "memory-reservation"),
        ("mem_swappiness", "memory-swappiness"), ("memswap_limit", "memory-swap"), ("pid_mode", "pid"), ("sysctls", "sysctl"),
        ("userns_mode", "userns"), ("uts_mode", "uts"),
    ];

    private static readonly Dictionary<string, string> s_options =
        s_alike.Select(name => (Name: name, Option: name.Replace('_', '-'))).Concat(s_different).ToDictionary(
            pair => pair.Name, pair => pair.Option, StringComparer.Ordinal);

    /// <summary>Names of what is on or off; everything else is a word on the command line, as it is written.</summary>
    private static readonly string[] s_switches = ["init", "oom_kill_disable", "privileged", "read_only"];

    private static readonly string[] s_own =
    [
        "name", "image", "command", "detach", "remove", "auto_remove", "ports", "restart_policy", "stdin_open", "stdout", "stderr",
        "stream", "tty",
    ];

    private static readonly (string Name, string Key)[] s_elsewhere =
    [
        ("device_requests", "gpus"), ("entrypoint", "entrypoint"), ("mounts", "volumes"), ("platform", "prefer_platform"),
        ("user", "user"), ("volumes", "volumes"), ("working_dir", "working_dir"),
    ];

    /// <returns>The options, and the network.</returns>
    public (IReadOnlyList<string> Options, string? Network) Read(YamlMapping? kwargs, string path)
    {
        var options = new List<string>();
        string? network = null;
        var json = new YamlJson(diagnostics);
        foreach (var entry in kwargs?.Entries ?? [])
        {
            var at = $"{path}.{YamlScalar.Shorten(entry.Key)}";
            var written = s_switches.Contains(entry.Key) ? entry : entry with { Value = entry.Value.WithTexts() };
            var value = json.Convert(new YamlMapping(entry.KeyPlace, [written]), path)[entry.Key];

            if (entry.Key is "network" or "network_mode")
            {
                network = value?.ToString();
            }
            else if (!s_options.TryGetValue(entry.Key, out var option))
            {
                diagnostics.Add(entry.KeyPlace, at, Refusal(entry.Key));
            }
            else if (value is not null)
            {
                options.AddRange(Words(entry.Key, value).Select(word => word is null ? $"--{option}" : $"--{option}={word}"));
            }
        }

        return (options, network);
    }

    private static string Refusal(string key)
    {
        if (s_own.Contains(key))
        {
            return Own;
        }

        if (Array.Find(s_elsewhere, pair => pair.Name == key).Key is { } instead)
        {
            return $"write it as the key '{instead}' of the executor";
        }

        return $"unknown option of containers.run{HintFor(key)}";
    }

    private static string HintFor(string key) => NearestName.Hint(key, s_options.Keys) is { Length: > 0 } hint
        ? hint
        : $"; known are {string.Join(", ", s_options.Keys.Order(StringComparer.Ordinal))}";

    /// <summary>
    /// A list is an option for each item, a mapping one for each pair; a switch that is off says nothing, but for one that FlowKit would
    /// switch on.
    /// </summary>
    private static IEnumerable<string?> Words(string key, JsonNode value) => value switch
    {
        JsonArray list => list.Select(item => item?.ToString() ?? ""),
        JsonObject map => map.Select(pair => $"{pair.Key}{(key is "extra_hosts" or "tmpfs" ? ":" : "=")}{pair.Value}"),
        JsonValue text when key == "read_only" && text.TryGetValue<bool>(out var isOn) => [isOn ? "true" : "false"],
        JsonValue text when text.TryGetValue<bool>(out var isOn) => isOn ? Enumerable.Repeat<string?>(null, 1) : [],
        _ => [value.ToString()],
    };
}
