using System.Text.Json.Nodes;
using FlowKit.Configuration.Gateway;
using FlowKit.Serving.Gateway.Compat;
using FlowKit.Serving.Gateway.Security;
using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Gateway.Http.Description;

/// <summary>
/// Adds what programs that read a description need of every route: a name for generated clients, the parameters in its path, a refusal,
/// whether it needs a key, and a body to try.
/// </summary>
internal static class OperationDetails
{
    private const string KeyScheme = "key";
    private const string BearerScheme = "bearer";

    private static readonly string[] s_open = ["/ready", HealthGateway.Live, HealthGateway.Started, HealthGateway.Ready];

    /// <summary>Routes that always need a key: of the scope for them, or the token of the start.</summary>
    private static readonly string[] s_closed = ["/admin/scale", "/admin/pause", "/admin/reload"];

    /// <summary>Completes a description.</summary>
    /// <param name="description">The description.</param>
    /// <param name="config">The flow's gateway.</param>
    /// <param name="compat">The routes of other systems.</param>
    /// <param name="prefix">The path under which the gateway is mapped.</param>
    public static void Add(JsonObject description, GatewayConfig config, IReadOnlyList<CompatOperation> compat, string prefix)
    {
        var needsKey = config.Security.NeedsKey;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, methods) in description["paths"]!.AsObject())
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                var details = operation!.AsObject();
                details["operationId"] = NameOf(method, path, names);
                AddPathParameters(details, path);
                details["responses"]!["4XX"] ??= new JsonObject { ["description"] = "It is refused; the body says why." };
                if (needsKey && s_open.Contains(path[prefix.Length..]))
                {
                    details["security"] = new JsonArray();
                }
                else if (s_closed.Contains(path[prefix.Length..]))
                {
                    details["security"] = Keys();
                }

                if (compat.FirstOrDefault(IsThis) is { Example: { } example })
                {
                    details["requestBody"]!["content"]!["application/json"]!["example"] = JsonNode.Parse(example);
                }

                bool IsThis(CompatOperation route) =>
                    prefix + route.ShownPath == path && HttpMethods.Equals(route.Method, method.ToUpperInvariant());
            }
        }

        AddSecurity(description, needsKey);
    }

    /// <summary>Makes <c>postClipEmbedText</c> of POST <c>/clip/embed_text</c>.</summary>
    private static string NameOf(string method, string path, HashSet<string> taken)
    {
        char[] between = [.. path.Where(letter => !char.IsAsciiLetterOrDigit(letter)).Distinct()];
        var words = path.Split(between, StringSplitOptions.RemoveEmptyEntries);
        var name = method + string.Concat(words.Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        var unique = name;
        for (var number = 2; !taken.Add(unique); number++)
        {
            unique = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}{number}");
        }

        return unique;
    }

    private static void AddPathParameters(JsonObject operation, string path)
    {
        foreach (var part in path.Split('/').Where(part => part is ['{', .., '}']))
        {
            var parameters = operation["parameters"] as JsonArray ?? [];
            if (!parameters.Any(parameter => (string?)parameter?["name"] == part[1..^1]))
            {
                parameters.Add(new JsonObject
                {
                    ["name"] = part[1..^1],
                    ["in"] = "path",
                    ["required"] = true,
                    ["schema"] = new JsonObject { ["type"] = "string" },
                });
            }

            operation["parameters"] ??= parameters;
        }
    }

    private static JsonArray Keys() =>
        new(new JsonObject { [BearerScheme] = new JsonArray() }, new JsonObject { [KeyScheme] = new JsonArray() });

    private static void AddSecurity(JsonObject description, bool needsKey)
    {
        description["security"] = needsKey ? Keys() : new JsonArray();
        var components = description["components"] as JsonObject ?? [];
        components["securitySchemes"] = new JsonObject
        {
            [BearerScheme] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
            [KeyScheme] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = ApiKeyGuard.Header },
        };
        description["components"] ??= components;
    }
}
