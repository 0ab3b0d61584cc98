using System.Globalization;
using System.Text.Json.Nodes;

namespace FlowKit.Orchestration.Export.Kubernetes;

/// <summary>The parts of pods that gateways and executors have alike.</summary>
internal static class PodObjects
{
    /// <summary>The user of FlowKit's image.</summary>
    private const int User = 1654;

    /// <summary>Callers resolve names every ten seconds: a pod that ends serves on for longer than that.</summary>
    private const int Drain = 12;

    /// <summary>A template of pods.</summary>
    public static JsonObject Template(ObjectNames names, string of, JsonObject container, TimeSpan stop, bool isOwnImage, JsonArray volumes)
    {
        container["lifecycle"] = new JsonObject { ["preStop"] = new JsonObject { ["sleep"] = new JsonObject { ["seconds"] = Drain } } };
        container["securityContext"] = Confined(isOwnImage);
        var spec = new JsonObject
        {
            ["terminationGracePeriodSeconds"] = Drain + (int)Math.Ceiling(stop.TotalSeconds) + 5,
            ["automountServiceAccountToken"] = false,
            ["topologySpreadConstraints"] = new JsonArray(new JsonObject
            {
                ["maxSkew"] = 1,
                ["topologyKey"] = "kubernetes.io/hostname",
                ["whenUnsatisfiable"] = "ScheduleAnyway",
                ["labelSelector"] = ObjectNames.Selector(of),
            }),
            ["containers"] = new JsonArray(container),
        };
        if (isOwnImage)
        {
            spec["securityContext"] = new JsonObject
            {
                ["runAsNonRoot"] = true,
                ["runAsUser"] = User,
                ["runAsGroup"] = User,
                ["fsGroup"] = User,
                ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
            };
        }

        if (volumes.Count > 0)
        {
            spec["volumes"] = volumes;
        }

        return new JsonObject { ["metadata"] = new JsonObject { ["labels"] = names.Labels(of) }, ["spec"] = spec };
    }

    /// <summary>A container's environment: what is written, and what the secret holds.</summary>
    public static JsonArray Environment(
        ObjectNames names, IReadOnlyDictionary<string, string> env, IReadOnlyDictionary<string, string> secrets) =>
    [
        .. env.Select(pair => new JsonObject { ["name"] = pair.Key, ["value"] = pair.Value }),
        .. secrets.Select(pair => new JsonObject
        {
            ["name"] = pair.Key,
            ["valueFrom"] = new JsonObject
            {
                ["secretKeyRef"] = new JsonObject { ["name"] = names.Secret, ["key"] = pair.Value },
            },
        }),
    ];

    /// <summary>A volume that goes with the pod.</summary>
    public static JsonObject Empty(string name) => new() { ["name"] = name, ["emptyDir"] = new JsonObject() };

    /// <summary>The place of a volume in a container.</summary>
    public static JsonObject Mount(string name, string path, bool isReadOnly = false)
    {
        var mount = new JsonObject { ["name"] = name, ["mountPath"] = path };
        if (isReadOnly)
        {
            mount["readOnly"] = true;
        }

        return mount;
    }

    /// <summary>A probe.</summary>
    /// <param name="how">What is asked.</param>
    /// <param name="period">Seconds between two questions.</param>
    /// <param name="failures">The number of bad answers in a row that count.</param>
    public static JsonObject Probe(JsonObject how, int period, int failures)
    {
        how["periodSeconds"] = period;
        how["timeoutSeconds"] = 4;
        how["failureThreshold"] = failures;
        return how;
    }

    /// <summary>The text of arguments: <c>$(X)</c> is Kubernetes' own.</summary>
    public static string Argument(string text) => text.Replace("$(", "$$(", StringComparison.Ordinal);

    /// <summary>A quantity of bytes.</summary>
    public static string Bytes(long bytes) => bytes % (1 << 20) == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20}Mi")
        : bytes.ToString(CultureInfo.InvariantCulture);

    private static JsonObject Confined(bool isOwnImage)
    {
        var context = new JsonObject
        {
            ["allowPrivilegeEscalation"] = false,
            ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
        };
        if (isOwnImage)
        {
            context["readOnlyRootFilesystem"] = true;
        }

        return context;
    }
}
