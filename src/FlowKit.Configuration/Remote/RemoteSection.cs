using System.Text.Json.Nodes;
using FlowKit.Configuration.Batching;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Launching;
using FlowKit.Configuration.Schema;

namespace FlowKit.Configuration.Remote;

/// <summary>
/// Reads where an executor runs that is not started here (<c>external: true</c>), and makes it one that is: <c>RemoteExecutor</c>, which
/// asks it.
/// </summary>
/// <param name="diagnostics">Collects mistakes.</param>
internal sealed class RemoteSection(ConfigDiagnostics diagnostics)
{
    public const string Executor = "RemoteExecutor";

    private const int MinRetries = 3;
    private static readonly string[] s_here = ["0.0.0.0", "127.0.0.1", "localhost", "::", "::1"];

    /// <summary>The keys that whoever starts the executor obeys.</summary>
    private static readonly Key[] s_elsewhere =
    [
        ExecutorKeys.Uses, ExecutorKeys.UsesWith, ExecutorKeys.Replicas, ExecutorKeys.Autoscale, ExecutorKeys.DynamicBatching,
        ExecutorKeys.Device, ExecutorKeys.Gpus,
    ];

    private readonly RemoteAddresses _addresses = new(diagnostics);

    /// <param name="config">The entry as an executor here.</param>
    /// <param name="values">Its keys.</param>
    /// <param name="path">Its path, for messages.</param>
    public ExecutorConfig Read(ExecutorConfig config, KeyValues values, string path)
    {
        if (!values.Get(RemoteKeys.External))
        {
            CheckHere(config, values, path);
            return config;
        }

        CheckElsewhere(values, path);
        var shards = _addresses.Read(values, config.Shards, path);
        return config with
        {
            Uses = Executor,
            UsesWith = OptionsOf(config, values, shards),
            UsesWithPlaces = new Dictionary<string, SourcePlace>(),
            UsesRequests = new Dictionary<string, string>(),
            DynamicBatching = new Dictionary<string, BatchingConfig>(),
            // The shards are asked from here, so that what stands before and behind them is here.
            UsesBefore = config.Shards > 1 ? config.UsesBefore : null,
            UsesAfter = config.Shards > 1 ? config.UsesAfter : null,
            Replicas = values.Get(RemoteKeys.Concurrency),
            Autoscale = null,
            Retries = config.Retries < 0 ? Math.Max(MinRetries, shards.Max(addresses => addresses.Count)) : config.Retries,
            // What it throws is its own affair: here is nothing to restart.
            FailureThreshold = int.MaxValue,
            Device = "cpu",
            Gpus = null,
        };
    }

    private static JsonObject OptionsOf(ExecutorConfig config, KeyValues values, IReadOnlyList<IReadOnlyList<string>> shards)
    {
        var options = new JsonObject
        {
            ["addresses"] = ArrayOf(shards.SelectMany(addresses => addresses)),
            ["metadata"] = new JsonObject(
                values.Get(RemoteKeys.Metadata).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
            ["compression"] = values.Get(RemoteKeys.Compression),
            ["doc_array_version"] = values.Get(RemoteKeys.DocArrayVersion),
        };
        if (config.Shards > 1)
        {
            options["shard_addresses"] = new JsonArray([.. shards.Select(ArrayOf)]);
        }

        if (values.Get(RemoteKeys.WritesTo) is var writers && (writers is null ? config.Shards > 1 : writers == RemoteKeys.FirstWrites))
        {
            options["writes_to_first"] = true;
        }

        if (values.Has(RemoteKeys.Reads))
        {
            options["reads"] = ArrayOf(values.Get(RemoteKeys.Reads).Select(endpoint => endpoint.Value));
        }

        Add(options, "keepalive_ms", values.Has(RemoteKeys.KeepAlive) ? values.Get(RemoteKeys.KeepAlive) : null);
        Add(options, "hedge_ms", values.Get(RemoteKeys.Hedge) is var hedge && hedge != Timeout.InfiniteTimeSpan ? hedge : null);
        Add(options, "timeout_ms", config.TimeoutExecutor);
        Add(options, "ca_certfile", values.Get(RemoteKeys.Authorities));
        Add(options, "certfile", values.Get(RemoteKeys.CertificateFile));
        Add(options, "keyfile", values.Get(RemoteKeys.KeyFile));
        return options;
    }

    private static JsonArray ArrayOf(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    private static void Add(JsonObject options, string name, string? value)
    {
        if (value is not null)
        {
            options[name] = value;
        }
    }

    private static void Add(JsonObject options, string name, TimeSpan? value)
    {
        if (value is { TotalMilliseconds: > 0 } time)
        {
            options[name] = (long)time.TotalMilliseconds;
        }
    }

    private void CheckHere(ExecutorConfig config, KeyValues values, string path)
    {
        var isInContainer = LaunchSection.RuntimeOf(config, values) == LaunchConfig.InContainer;
        var hosts = values.Get(RemoteKeys.Host).SelectMany(group => group);
        foreach (var host in hosts.Where(host => !s_here.Contains(host.Value, StringComparer.OrdinalIgnoreCase)))
        {
            diagnostics.Add(
                host.Place, $"{path}.host", "an executor on another host is not started here: write 'external: true' beside it");
        }

        foreach (var key in RemoteKeys.Dialling.Where(key => values.Has(key) && !(isInContainer && key == RemoteKeys.DocArrayVersion)))
        {
            diagnostics.Add(
                values.PlaceOf(key), $"{path}.{key.Name}", "belongs to an executor elsewhere: write 'external: true' and 'host' beside it");
        }
    }

    private void CheckElsewhere(KeyValues values, string path)
    {
        if (values.Get(ExecutorKeys.NoReduce) && values.Get(ExecutorKeys.Needs).Count > 1)
        {
            diagnostics.Add(
                values.PlaceOf(ExecutorKeys.NoReduce),
                $"{path}.no_reduce",
                "an executor elsewhere is sent reduced documents; put one in this flow before it that takes the parts");
        }

        foreach (
            var other in values.Get(RemoteKeys.Protocol).Where(
                protocol => !string.Equals(protocol.Value, "grpc", StringComparison.OrdinalIgnoreCase)))
        {
            diagnostics.Add(other.Place, $"{path}.protocol", $"executors elsewhere are asked by grpc, not {other.Shown}");
        }

        if (values.Get(RemoteKeys.CertificateFile) is null != values.Get(RemoteKeys.KeyFile) is null)
        {
            var written = values.Has(RemoteKeys.CertificateFile) ? RemoteKeys.CertificateFile : RemoteKeys.KeyFile;
            diagnostics.Add(
                values.PlaceOf(written), $"{path}.{written.Name}", "a client's certificate needs both 'ssl_certfile' and 'ssl_keyfile'");
        }

        foreach (var key in s_elsewhere.Where(values.Has))
        {
            diagnostics.Warn(
                values.PlaceOf(key),
                $"{path}.{key.Name}",
                "is said by whoever starts the executor, and changes nothing here (external: true)");
        }
    }
}
