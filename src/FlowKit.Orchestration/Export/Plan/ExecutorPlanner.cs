using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Components;
using FlowKit.Configuration.Batching;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Flow;

namespace FlowKit.Orchestration.Export.Plan;

/// <summary>Makes the units of a plan, each of an entry of the flow.</summary>
/// <param name="flow">The flow.</param>
/// <param name="variables">The environment variables that it refers to.</param>
/// <param name="catalog">The known executors.</param>
/// <param name="options">What the flow does not say.</param>
/// <param name="name">The flow's name.</param>
/// <param name="errors">Gets what cannot be exported.</param>
internal sealed class ExecutorPlanner(
    FlowConfig flow, FlowVariables variables, ComponentCatalog catalog, ExportOptions options, string name, List<ConfigError> errors)
{
    private const string Cuda = "cuda";

    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Plans one; <see langword="null"/> where it cannot be exported.</summary>
    public ExecutorUnit? Plan(ExecutorConfig executor)
    {
        var count = errors.Count;
        Check(executor);
        if (ImageOf(executor) is not { } image || errors.Count > count)
        {
            return null;
        }

        var used = new HashSet<string>(StringComparer.Ordinal);
        var keepsState = KeepsState(executor);
        if (keepsState && executor.Autoscale is not null)
        {
            errors.Add(
                new ConfigError(
                    executor.Place,
                    $"executors.{executor.Name}.autoscale",
                    "cannot be exported: it keeps state, of which another replica elsewhere would have its own"));
            return null;
        }

        var arguments = Arguments(executor, image.Uses, keepsState, used);
        var (env, secrets) = EnvironmentOf(executor, used);
        var container = executor.Launch?.Container;
        return new ExecutorUnit(FlowPlanner.ServiceName(executor.Name), executor.Name, image.Name)
        {
            Source = image.Source,
            IsOwnImage = container?.Image is null,
            Arguments = arguments,
            Shards = executor.Shards,
            Replicas = keepsState ? 1 : executor.Replicas,
            Autoscale = executor.Autoscale,
            KeepsState = keepsState,
            Env = env,
            Secrets = secrets,
            Gpus = GpusOf(executor),
            MemoryBytes = executor.Launch?.MemoryBytes,
            Cpus = container?.Cpus,
            Volumes = container?.Volumes ?? [],
            TimeoutReady = executor.TimeoutReady,
        };
    }

    /// <summary>Refuses what stands before or behind shards and that the gateway's image does not have.</summary>
    public static void CheckAside(ExecutorConfig executor, string role, string? uses, List<ConfigError> errors)
    {
        if (uses is not null && UsesReference.Parse(uses).Origin is not (UsesOrigin.Name or UsesOrigin.Hub))
        {
            errors.Add(
                new ConfigError(
                    executor.Place,
                    $"executors.{executor.Name}.{role}",
                    $"it runs in the gateway, whose image does not have {uses}; name an executor that comes with FlowKit"));
        }
    }

    private void Check(ExecutorConfig executor)
    {
        var path = $"executors.{executor.Name}";
        if (executor is { NoReduce: true, Needs.Count: > 1 })
        {
            Refuse("no_reduce", "an executor elsewhere is sent reduced documents; put one before it that takes the parts");
        }

        if (executor.ExitOnExceptions.Count > 0)
        {
            Refuse("exit_on_exceptions", "a gateway does not end with an executor elsewhere; the engine restarts what ends");
        }

        if (GpuCount(executor) is null)
        {
            Refuse("gpus", "an engine gives a number of GPUs; write how many");
        }

        if (executor.Launch?.Container is { EngineOptions: [var option, ..] })
        {
            Refuse("docker_kwargs", $"options of docker run ({option}) mean nothing to another engine");
        }

        if (executor.Launch?.Container?.Entrypoint is not null)
        {
            Refuse("entrypoint", "the image's own entry point is exported; build an image that has it");
        }

        CheckAside(executor, "uses_before", executor.UsesBefore, errors);
        CheckAside(executor, "uses_after", executor.UsesAfter, errors);

        void Refuse(string key, string reason) =>
            errors.Add(new ConfigError(executor.Place, $"{path}.{key}", $"cannot be exported: {reason}"));
    }

    /// <summary>The image, what it is built of, and what it is to run where it does not say so itself.</summary>
    private (string Name, string? Source, string? Uses)? ImageOf(ExecutorConfig executor)
    {
        if (executor.Launch?.Container?.Image is { } image)
        {
            return (image, null, null);
        }

        var reference = UsesReference.Parse(executor.Uses);
        switch (reference.Origin)
        {
            case UsesOrigin.Name or UsesOrigin.Hub:
                return (options.Image, null, executor.Uses);
            case UsesOrigin.Source or UsesOrigin.Project when reference.Class is null:
                // One image for entries that use the same, under the name of the file or the folder.
                var path = Path.GetFullPath(reference.Target, executor.BaseDirectory ?? flow.BaseDirectory);
                var own = FlowPlanner.ServiceName(Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(path)));
                var prefix = options.ImagePrefix is { Length: > 0 } registry ? $"{registry.TrimEnd('/')}/" : "";
                return ($"{prefix}{name}-{own}:{options.Tag}", path, null);
            default:
                errors.Add(
                    new ConfigError(
                        executor.UsesPlace,
                        $"executors.{executor.Name}.uses",
                        $"'{executor.Uses}' cannot be exported; build an image of it, and write docker:// and the image's name"));
                return null;
        }
    }

    /// <summary>
    /// Tells whether replicas have files of their own. An image's executor is not known here: it has where the flow says where to.
    /// </summary>
    private bool KeepsState(ExecutorConfig executor)
    {
        if (executor.Shards > 1 || executor.Workspace is not null)
        {
            return true;
        }

        try
        {
            return executor.Launch?.Container?.Image is null
                && catalog.Resolve(executor, executor.BaseDirectory ?? flow.BaseDirectory).State == StateScope.Replica;
        }
        catch (FlowConfigException exception)
        {
            errors.AddRange(exception.Errors);
            return false;
        }
    }

    private List<string> Arguments(ExecutorConfig executor, string? uses, bool keepsState, HashSet<string> used)
    {
        List<string> arguments = uses is null ? [] : ["executor", "--uses", uses];
        arguments.AddRange(["--name", executor.Name.Replace('/', '_')]);
        var with = (JsonObject)Restored(executor.UsesWith, executor, "", used)!;
        Add("--uses-with", with);
        Add("--uses-requests", new JsonObject(executor.UsesRequests.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))));
        Add("--uses-dynamic-batching", BatchingOf(executor.DynamicBatching));
        if (keepsState && executor.Replicas > 1)
        {
            arguments.AddRange(["--replicas", executor.Replicas.ToString(CultureInfo.InvariantCulture)]);
        }

        if (GpusOf(executor) > 0 && executor.Launch?.Container?.Image is null)
        {
            arguments.AddRange(["--device", Cuda]);
        }

        arguments.AddRange(["--workspace", ExecutorUnit.Workspace]);
        var exporters = executor.Monitoring with { Port = null };
        arguments.AddRange(MonitoringOptions.Of(exporters).SelectMany(pair => (string[])["--gateway", $"{pair.Key}={pair.Value}"]));
        return arguments;

        void Add(string option, JsonObject values)
        {
            if (values.Count > 0)
            {
                arguments.AddRange([option, values.ToJsonString(s_json)]);
            }
        }
    }

    private JsonNode? Restored(JsonNode? node, ExecutorConfig executor, string path, HashSet<string> used) => node switch
    {
        JsonObject mapping => new JsonObject(mapping.Select(pair => KeyValuePair.Create(
            pair.Key, Restored(pair.Value, executor, path.Length == 0 ? pair.Key : $"{path}.{pair.Key}", used)))),
        JsonArray list => new JsonArray([.. list.Select(item => Restored(item, executor, path, used))]),
        JsonValue text when text.GetValueKind() == JsonValueKind.String => variables.Restore((string)text!, used),
        JsonValue when executor.UsesWithTexts.TryGetValue(path, out var written) && variables.Restore(written, used) is var restored
            && restored != written => restored,
        _ => node?.DeepClone(),
    };

    /// <summary>The secrets are the variables that its options refer to, and entries of its environment that have their values.</summary>
    private (Dictionary<string, string> Env, Dictionary<string, string> Secrets) EnvironmentOf(
        ExecutorConfig executor, HashSet<string> used)
    {
        var env = new Dictionary<string, string>(StringComparer.Ordinal);
        var secrets = used.ToDictionary(variable => variable, variable => variable, StringComparer.Ordinal);
        foreach (var (key, value) in executor.Env)
        {
            if (variables.SourceOf(key, value) is { } source)
            {
                secrets[key] = source;
            }
            else
            {
                env[key] = value;
            }
        }

        return (env, secrets);
    }

    private static JsonObject BatchingOf(IReadOnlyDictionary<string, BatchingConfig> batching) => new(
        batching.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)ObjectOf(pair.Value))));

    private static JsonObject ObjectOf(BatchingConfig batching)
    {
        var written = new JsonObject
        {
            ["preferred_batch_size"] = batching.PreferredBatchSize,
            ["timeout"] = (long)batching.Timeout.TotalMilliseconds,
        };
        if (batching.MaxBatchSize is { } max)
        {
            written["max_batch_size"] = max;
        }

        if (batching.FlushAll)
        {
            written["flush_all"] = true;
        }

        if (batching.UseCustomMetric is { } uses)
        {
            written["use_custom_metric"] = uses;
        }

        return written;
    }

    private static int GpusOf(ExecutorConfig executor) => GpuCount(executor) ?? 0;

    /// <summary>The number of GPUs that it is to have; <see langword="null"/> where the flow does not tell.</summary>
    private static int? GpuCount(ExecutorConfig executor) => (executor.Launch?.Container?.Gpus ?? executor.Gpus) switch
    {
        null => executor.Device.StartsWith(Cuda, StringComparison.Ordinal) ? 1 : 0,
        "all" => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) => count,
        var text when text.StartsWith("device=", StringComparison.Ordinal) => text.Split(',').Length,
        _ => null,
    };
}
