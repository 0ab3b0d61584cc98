using System.Globalization;
using System.Text.Json.Nodes;
using FlowKit.Configuration.Executors;
using FlowKit.Orchestration.Export.Plan;
using FlowKit.Orchestration.Launching.Containers;

namespace FlowKit.Orchestration.Export.Compose;

/// <summary>The parts of services that compose and Swarm write alike.</summary>
internal static class ServiceObjects
{
    /// <summary>The name of the gateway's flow among configs.</summary>
    private const string FlowConfigName = "flow";

    /// <summary>The gateway's service.</summary>
    public static JsonObject Gateway(FlowPlan plan)
    {
        var gateway = plan.Gateway;
        var service = Common(gateway.Image, GatewayUnit.Arguments, gateway.TimeoutStop + TimeSpan.FromSeconds(5));
        AddEnvironment(service, new Dictionary<string, string>(), gateway.Secrets);
        service["configs"] = new JsonArray(
            new JsonObject { ["source"] = FlowConfigName, ["target"] = $"{GatewayUnit.Folder}/{GatewayUnit.File}" });
        // That it listens: that executors are away is no reason to end it.
        service["healthcheck"] = Check("bash", "-c", $"exec 3<>/dev/tcp/127.0.0.1/{gateway.Ports[0].Port}");
        Confine(service, keepsFiles: false);
        return service;
    }

    /// <summary>The service of an executor, or of one of its shards.</summary>
    /// <param name="unit">The executor.</param>
    /// <param name="shard">The shard.</param>
    public static JsonObject Executor(ExecutorUnit unit, int shard)
    {
        var service = Common(unit.Image, unit.ListeningAt(RunOptions.InnerPort, shard), TimeSpan.FromSeconds(35));
        AddEnvironment(service, unit.Env, unit.Secrets);
        var volumes = unit.Volumes.Select(volume => $"{volume.Source}:{volume.Target}{(volume.IsReadOnly ? ":ro" : "")}");
        volumes = unit.KeepsState ? volumes.Append($"{VolumeOf(unit, shard)}:{ExecutorUnit.Workspace}") : volumes;
        if (volumes.Any())
        {
            service["volumes"] = YamlText.ListOf(volumes);
        }

        if (unit.IsOwnImage)
        {
            service["healthcheck"] = Check("/app/probe", $"grpc://127.0.0.1:{RunOptions.InnerPort}");
            Confine(service, unit.KeepsState);
        }

        return service;
    }

    /// <summary>A whole file: the gateway, every executor or each of its shards, the gateway's flow and the volumes.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="gateway">The gateway's service.</param>
    /// <param name="serviceOf">Makes the service of an executor, or of one of its shards.</param>
    public static JsonObject All(FlowPlan plan, JsonObject gateway, Func<ExecutorUnit, int, JsonObject> serviceOf)
    {
        var services = new JsonObject { [GatewayUnit.Name] = gateway };
        foreach (var unit in plan.Executors)
        {
            for (var shard = 0; shard < unit.Shards; shard++)
            {
                services[unit.ShardNames[shard]] = serviceOf(unit, shard);
            }
        }

        var all = new JsonObject
        {
            ["services"] = services,
            ["configs"] = new JsonObject { [FlowConfigName] = new JsonObject { ["file"] = $"./{GatewayUnit.File}" } },
        };
        if (Volumes(plan) is { Count: > 0 } volumes)
        {
            all["volumes"] = volumes;
        }

        return all;
    }

    /// <summary>The limits that the flow sets, and the GPUs.</summary>
    public static JsonObject? Resources(ExecutorUnit unit, JsonObject? gpus)
    {
        var limits = new JsonObject();
        if (unit.MemoryBytes is { } bytes)
        {
            limits["memory"] = $"{bytes.ToString(CultureInfo.InvariantCulture)}b";
        }

        if (unit.Cpus is { } cpus)
        {
            limits["cpus"] = cpus;
        }

        var resources = new JsonObject();
        if (limits.Count > 0)
        {
            resources["limits"] = limits;
        }

        if (gpus is not null)
        {
            resources["reservations"] = gpus;
        }

        return resources.Count > 0 ? resources : null;
    }

    /// <summary>The volume of a shard's workspace.</summary>
    private static string VolumeOf(ExecutorUnit unit, int shard) => $"{unit.ShardNames[shard]}-workspace";

    /// <summary>The file of the gateway's flow.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="prefix">Before the names of services.</param>
    public static ExportedFile FlowFile(FlowPlan plan, string prefix)
    {
        return new ExportedFile(GatewayUnit.File, YamlText.Of(plan.FlowOf(Address)));

        string? Address(ExecutorConfig executor) => plan.Find(executor) is { } unit
            ? $"{prefix}{unit.Name}{(unit.Shards > 1 ? "-{shard}" : "")}:{RunOptions.InnerPort}"
            : null;
    }

    /// <summary>The volumes of all that keep state.</summary>
    private static JsonObject Volumes(FlowPlan plan) => new(
        plan.Executors.Where(unit => unit.KeepsState)
            .SelectMany(unit => Enumerable.Range(0, unit.Shards).Select(shard => VolumeOf(unit, shard)))
            .Select(volume => KeyValuePair.Create(volume, (JsonNode?)new JsonObject())));

    private static JsonObject Common(string image, IEnumerable<string> arguments, TimeSpan grace) => new()
    {
        ["image"] = image,
        // A dollar would be taken for the engine's own variable.
        ["command"] = YamlText.ListOf(arguments.Select(argument => argument.Replace("$", "$$", StringComparison.Ordinal))),
        ["stop_grace_period"] = string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(grace.TotalSeconds)}s"),
    };

    /// <summary>Adds the environment, in which what the engine is to give is a variable of whoever starts it, which must be set.</summary>
    private static void AddEnvironment(
        JsonObject service, IReadOnlyDictionary<string, string> env, IReadOnlyDictionary<string, string> secrets)
    {
        var all = new JsonObject();
        foreach (var (name, value) in env)
        {
            all[name] = value.Replace("$", "$$", StringComparison.Ordinal);
        }

        foreach (var (name, source) in secrets)
        {
            all[name] = $"${{{source}:?{source} must be set}}";
        }

        if (all.Count > 0)
        {
            service["environment"] = all;
        }
    }

    /// <summary>Leaves it nothing to write but folders in memory, which a stack takes in this form alone, and its workspace.</summary>
    private static void Confine(JsonObject service, bool keepsFiles)
    {
        if (service["volumes"] is not JsonArray volumes)
        {
            service["volumes"] = volumes = [];
        }

        foreach (var folder in keepsFiles ? (string[])["/tmp"] : ["/tmp", ExecutorUnit.Workspace])
        {
            volumes.Add(new JsonObject { ["type"] = "tmpfs", ["target"] = folder });
        }

        service["read_only"] = true;
        service["cap_drop"] = YamlText.ListOf(["ALL"]);
    }

    private static JsonObject Check(params string[] command) => new()
    {
        ["test"] = YamlText.ListOf(command.Prepend("CMD")),
        // An engine tells others of a service after its first good check.
        ["interval"] = "2s",
        ["timeout"] = "5s",
        ["start_period"] = "60s",
        ["retries"] = 5,
    };
}
