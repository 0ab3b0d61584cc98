using FlowKit.Components;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Flow;
using FlowKit.Configuration.Gateway;

namespace FlowKit.Orchestration.Export.Plan;

/// <summary>Makes the plan of a flow: what can be exported of it, and every mistake about what cannot, at once.</summary>
internal static class FlowPlanner
{
    private const string DefaultName = "flow";

    /// <param name="config">The flow.</param>
    /// <param name="variables">The environment variables that it refers to.</param>
    /// <param name="catalog">The known executors.</param>
    /// <param name="options">What the flow does not say.</param>
    /// <exception cref="FlowConfigException">Something cannot be exported.</exception>
    public static FlowPlan Plan(FlowConfig config, FlowVariables variables, ComponentCatalog catalog, ExportOptions options)
    {
        var errors = new List<ConfigError>();
        var flow = ServiceName(config.Name ?? DefaultName);
        CheckGateway(config.Gateway, errors);
        var units = new List<ExecutorUnit>();
        var planner = new ExecutorPlanner(config, variables, catalog, options, flow, errors);
        foreach (var executor in config.Executors.Where(RunsElsewhere))
        {
            if (planner.Plan(executor) is { } unit)
            {
                CheckName(unit, executor, units, errors);
                units.Add(unit);
            }
        }

        foreach (var executor in config.Executors.Where(executor => !RunsElsewhere(executor)))
        {
            CheckStaying(executor, errors);
        }

        if (errors.Count > 0)
        {
            throw new FlowConfigException(errors);
        }

        var used = new HashSet<string>(StringComparer.Ordinal);
        _ = GatewayFlow.Write(config, variables, used, _ => null);
        return new FlowPlan(flow, GatewayOf(config.Gateway, options, used), units, NotesOf(config, units))
        {
            FlowOf = address => GatewayFlow.Write(config, variables, used, address),
        };
    }

    /// <summary>Makes a name that DNS takes: as in Jina in small letters, with hyphens for what stands between words.</summary>
    public static string ServiceName(string name)
    {
        var letters = name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '-');
        return string.Concat(letters).Trim('-') is { Length: > 0 } text ? text : DefaultName;
    }

    /// <summary>Tells whether it runs by itself: what only passes documents on, or is elsewhere already, stays in the gateway.</summary>
    private static bool RunsElsewhere(ExecutorConfig executor) =>
        executor.Uses != ExecutorConfig.Defaults.Uses && executor.Uses != Configuration.Remote.RemoteSection.Executor;

    private static GatewayUnit GatewayOf(GatewayConfig gateway, ExportOptions options, IEnumerable<string> used) => new(
        options.Image,
        [.. gateway.Ports.Select(port => port.Port == 0 ? port with { Port = GatewayConfig.DefaultPort } : port)],
        gateway.TimeoutStop,
        used.ToDictionary(name => name, name => name, StringComparer.Ordinal));

    private static void CheckGateway(GatewayConfig gateway, List<ConfigError> errors)
    {
        var security = gateway.Security;
        (string Key, bool IsSet)[] files =
        [
            ("ssl_certfile", security.CertificateFile is not null), ("ssl_ca_certfile", security.ClientAuthoritiesFile is not null),
            ("api_keys_file", security.ApiKeysFile is not null),
        ];
        errors.AddRange(
            files.Where(file => file.IsSet).Select(file => new ConfigError(
                gateway.Place,
                $"gateway.{file.Key}",
                "a file of this machine is not exported; end TLS before the gateway, and give keys by 'api_keys' or 'api_keys_env'")));
        if (gateway.Socket is not null)
        {
            errors.Add(new ConfigError(gateway.Place, "gateway.socket", "other machines cannot reach a Unix socket"));
        }

        if (gateway.Ports.Count(port => port.Port == 0) > 1)
        {
            errors.Add(new ConfigError(gateway.Place, "gateway.port", "expected ports that are known; 0 is any free one"));
        }
    }

    private static void CheckName(ExecutorUnit unit, ExecutorConfig executor, List<ExecutorUnit> others, List<ConfigError> errors)
    {
        if (unit.Name == GatewayUnit.Name || others.Exists(other => other.ServiceNames.Intersect(unit.ServiceNames).Any()))
        {
            errors.Add(
                new ConfigError(executor.Place, $"executors.{executor.Name}.name", $"another service is called '{unit.Name}' already"));
        }
    }

    private static void CheckStaying(ExecutorConfig executor, List<ConfigError> errors)
    {
        var addresses = executor.UsesWith["addresses"]?.AsArray().Select(address => new Uri((string)address!)) ?? [];
        foreach (var address in addresses.Where(address => address.IsLoopback))
        {
            errors.Add(
                new ConfigError(
                    executor.Place,
                    $"executors.{executor.Name}.host",
                    $"{address.Authority} is this machine, which the exported gateway does not run on; name a host that it can reach"));
        }

        foreach (var (role, uses) in new[] { ("uses_before", executor.UsesBefore), ("uses_after", executor.UsesAfter) })
        {
            ExecutorPlanner.CheckAside(executor, role, uses, errors);
        }
    }

    private static IReadOnlyList<string> NotesOf(FlowConfig config, List<ExecutorUnit> units) =>
    [
        .. config.OnStart.Select(start => $"on_start: {string.Join(", ", start.Inputs)} are files of this machine; post them to "
            + $"{start.Post} once the flow runs: flowkit post URL --on {start.Post} --inputs …"),
        .. config.Executors.Where(executor => units.Exists(unit => unit.Entry == executor.Name)).SelectMany(NotesOf),
        .. units.SelectMany(unit => unit.Volumes.Select(volume => $"{unit.Entry}: what {volume.Source} holds on this machine is not "
            + "exported; it must be where the engine mounts it from")),
    ];

    private static IEnumerable<string> NotesOf(ExecutorConfig executor)
    {
        var defaults = ExecutorConfig.Defaults;
        (string Key, bool IsSet)[] keys =
        [
            ("failure_threshold", executor.FailureThreshold != defaults.FailureThreshold), ("fallback", executor.Fallback is not null),
            ("reload", executor.Reload),
        ];
        return keys.Where(key => key.IsSet)
            .Select(key => $"{executor.Name}.{key.Key}: the engine looks after its pods, so that it is not told to the executor")
            .Concat(executor.Autoscale is { Min: 0 }
                ? [$"{executor.Name}.autoscale.min: one is kept, since nothing there holds the first request"]
                : []);
    }
}
