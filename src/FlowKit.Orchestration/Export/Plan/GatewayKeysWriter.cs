using System.Globalization;
using System.Text.Json.Nodes;
using FlowKit.Configuration.Gateway;
using FlowKit.Configuration.Gateway.Queue;

namespace FlowKit.Orchestration.Export.Plan;

/// <summary>Writes the keys of a gateway whose values are not the defaults.</summary>
internal static class GatewayKeysWriter
{
    /// <summary>Writes them.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="variables">The environment variables that the flow refers to.</param>
    /// <param name="used">Gets those that the gateway needs.</param>
    public static JsonObject Write(GatewayConfig gateway, FlowVariables variables, ISet<string> used)
    {
        var defaults = GatewayConfig.Defaults;
        var keys = new JsonObject
        {
            ["host"] = "0.0.0.0",
            ["protocol"] = YamlText.ListOf(gateway.Ports.SelectMany(ProtocolsOf).Select(pair => pair.Protocol)),
            ["port"] = new JsonArray([.. gateway.Ports.SelectMany(ProtocolsOf).Select(pair => JsonValue.Create(pair.Port))]),
        };
        keys.SetIf("title", gateway.Title, gateway.Title is not null);
        keys.SetIf("description", gateway.Description, gateway.Description is not null);
        keys.SetIf("examples", YamlText.ListOf(gateway.Examples), gateway.Examples.Count > 0);
        keys.SetIf("cors", true, gateway.Cors);
        keys.SetIf("no_debug_endpoints", true, gateway.NoDebugEndpoints);
        keys.SetIf("no_crud_endpoints", true, gateway.NoCrudEndpoints);
        keys.SetIf("show_stacks", true, gateway.ShowStacks);
        keys.SetIf("expose_endpoints", ExposedOf(gateway.ExposedEndpoints), gateway.ExposedEndpoints.Count > 0);
        keys.SetIf("compat", YamlText.ListOf(gateway.Compat), gateway.Compat.Count > 0);
        keys.SetIf("compat_model", "any", gateway.CompatTakesAnyModel);
        keys.SetIf("strict", true, gateway.Strict);
        keys.SetIf("compression", gateway.Compression, gateway.Compression is not null);
        keys.SetIf("docarray_version", gateway.DocArrayVersion, gateway.DocArrayVersion is not null);
        keys.SetIf("capacity", gateway.Capacity, gateway.Capacity != defaults.Capacity);
        keys.SetIf("prefetch", gateway.Prefetch, gateway.Prefetch != defaults.Prefetch);
        keys.SetIf("max_connections", gateway.MaxConnections, gateway.MaxConnections is not null);
        keys.SetIf("timeout_send", GatewayFlow.Milliseconds(gateway.TimeoutSend ?? default), gateway.TimeoutSend is not null);
        keys.SetIf("max_request_size", gateway.MaxRequestBytes, gateway.MaxRequestBytes != defaults.MaxRequestBytes);
        keys.SetIf("memory", gateway.Memory.ToString(), gateway.Memory != defaults.Memory);
        foreach (var (key, value) in MonitoringOptions.Of(gateway.Monitoring))
        {
            keys[key] = key.EndsWith("_host", StringComparison.Ordinal) ? value : JsonNode.Parse(value);
        }

        keys.SetIf("timeout_stop", GatewayFlow.Milliseconds(gateway.TimeoutStop), gateway.TimeoutStop != defaults.TimeoutStop);
        if (gateway.Queue is { } queue)
        {
            keys["queue"] = QueueOf(queue, variables, used);
        }

        keys.SetIf("hosts", YamlText.ListOf(gateway.Security.Hosts), gateway.Security.Hosts.Count > 0);
        keys.SetIf("api_keys", YamlText.ListOf(gateway.Security.ApiKeys.Select(KeyOf)), gateway.Security.ApiKeys.Count > 0);
        return keys;
    }

    private static JsonObject QueueOf(QueueConfig queue, FlowVariables variables, ISet<string> used)
    {
        var defaults = QueueConfig.Defaults;
        var keys = new JsonObject { ["uri"] = variables.Restore(queue.Uri, used), ["name"] = queue.Name };
        keys.SetIf("endpoints", YamlText.ListOf(queue.Endpoints), !queue.Endpoints.SequenceEqual(defaults.Endpoints));
        keys.SetIf("prefetch", queue.Prefetch, queue.Prefetch != defaults.Prefetch);
        keys.SetIf("attempts", queue.Attempts, queue.Attempts != defaults.Attempts);
        keys.SetIf("max_length", queue.MaxLength, queue.MaxLength is not null);
        return keys;
    }

    private static IEnumerable<(string Protocol, int Port)> ProtocolsOf(GatewayPort port)
    {
        var number = port.Port == 0 ? GatewayConfig.DefaultPort : port.Port;
        if (port.IsGrpc)
        {
            yield return ("grpc", number);
        }

        if (port.IsHttp)
        {
            yield return ("http", number);
        }
    }

    /// <summary>Only the digest of a key is known, and that is all a gateway needs.</summary>
    private static string KeyOf(ApiKeyConfig key)
    {
        var text = $"sha256:{key.Digest}";
        if (key.Name is { } name)
        {
            text += $" name={name}";
        }

        text += $" scopes={key.Scopes.ToString().Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant()}";
        return key.Expires is { } expires ? string.Create(CultureInfo.InvariantCulture, $"{text} expires={expires:O}") : text;
    }

    private static JsonObject ExposedOf(IReadOnlyList<ExposedEndpointConfig> exposed) => new(exposed.Select(endpoint =>
    {
        var keys = new JsonObject { ["http_path"] = endpoint.Path, ["methods"] = YamlText.ListOf(endpoint.Methods) };
        if (endpoint.Summary is { } summary)
        {
            keys["summary"] = summary;
        }

        if (endpoint.Description is { } description)
        {
            keys["description"] = description;
        }

        if (endpoint.Tags.Count > 0)
        {
            keys["tags"] = YamlText.ListOf(endpoint.Tags);
        }

        return KeyValuePair.Create(endpoint.Endpoint, (JsonNode?)keys);
    }));
}
