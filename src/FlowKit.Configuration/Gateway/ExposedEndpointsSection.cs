using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Gateway;

/// <summary>
/// Reads <c>expose_endpoints:</c>: a mapping from endpoint to how it is exposed, or, as in Jina, the same as a JSON text.
/// </summary>
internal sealed class ExposedEndpointsSection(ConfigDiagnostics diagnostics)
{
    private const string Key = "gateway.expose_endpoints";
    private const string Expected = "expected a mapping such as {/summarize: {methods: [POST]}}, or the same as JSON";

    private static readonly string[] s_own = ["/", "/post", "/status", "/ready", "/dry_run", "/docs", "/openapi.json"];
    private static readonly string[] s_ownFolders = ["/admin/", "/assets/"];

    public IReadOnlyList<ExposedEndpointConfig> Read(YamlNode? node) => node switch
    {
        null or { IsNull: true } => [],
        YamlMapping mapping => ReadAll(mapping),
        YamlScalar { Form: ScalarForm.Unresolved } => [],
        YamlScalar text => ReadJson(text),
        _ => Refuse(node),
    };

    private IReadOnlyList<ExposedEndpointConfig> Refuse(YamlNode node)
    {
        diagnostics.Add(node.Place, Key, $"{Expected}, not {node.Shown}");
        return [];
    }

    /// <summary>
    /// JSON is YAML; places inside the text mean nothing to its author, so mistakes are told at the text. What a variable brought is not
    /// told at all.
    /// </summary>
    private IReadOnlyList<ExposedEndpointConfig> ReadJson(YamlScalar text)
    {
        var inside = new ConfigDiagnostics();
        try
        {
            if (YamlReader.Read(text.Value, text.Place.File, inside) is not YamlMapping mapping)
            {
                return Refuse(text);
            }

            var endpoints = new ExposedEndpointsSection(inside).ReadAll(mapping);
            inside.ThrowIfAny();
            return endpoints;
        }
        catch (FlowConfigException exception)
        {
            if (text.Form == ScalarForm.Substituted)
            {
                return Refuse(text);
            }

            foreach (var error in exception.Errors)
            {
                diagnostics.Add(text.Place, error.Key.Length > 0 ? error.Key : Key, error.Message);
            }

            return [];
        }
    }

    private List<ExposedEndpointConfig> ReadAll(YamlMapping mapping)
    {
        var endpoints = mapping.Entries.Select(ReadOne).OfType<ExposedEndpointConfig>().ToList();
        foreach (
            var twice in endpoints.SelectMany(
                each =>
                    each.Methods.Select(method => $"{method} {each.Path}")).GroupBy(route =>
                        route, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            diagnostics.Add(mapping.Place, Key, $"'{twice.Key}' is exposed twice");
        }

        return endpoints;
    }

    private ExposedEndpointConfig? ReadOne(YamlEntry entry)
    {
        var at = KeyTable.Join(Key, entry.Key);
        if (!ExposedEndpointKeys.HttpPath().IsMatch(entry.Key))
        {
            diagnostics.Add(entry.KeyPlace, at, "expected an endpoint such as /summarize");
            return null;
        }

        if (!entry.Value.IsNull && entry.Value is not YamlMapping)
        {
            diagnostics.Add(
                entry.Value.Place,
                at,
                $"expected a mapping with http_path, methods, summary, description or tags, not {entry.Value.Shown}");
            return null;
        }

        var values = ExposedEndpointKeys.Table.Read(entry.Value as YamlMapping ?? new YamlMapping(entry.KeyPlace, []), at, diagnostics);
        var path = values.Get(ExposedEndpointKeys.Path) is { Length: > 0 } own ? own : entry.Key;
        if (
            s_own.Contains(path, StringComparer.OrdinalIgnoreCase)
                || s_ownFolders.Any(folder => path.StartsWith(folder, StringComparison.OrdinalIgnoreCase)))
        {
            diagnostics.Add(
                values.Has(ExposedEndpointKeys.Path) ? values.PlaceOf(ExposedEndpointKeys.Path) : entry.KeyPlace,
                at,
                $"'{path}' is a path of the gateway itself; write another with http_path");
        }

        return new ExposedEndpointConfig
        {
            Endpoint = entry.Key,
            Path = path,
            Methods = values.Has(ExposedEndpointKeys.Methods) ? ReadMethods(values.Get(ExposedEndpointKeys.Methods), at) : ["POST"],
            Summary = values.Get(ExposedEndpointKeys.Summary),
            Description = values.Get(ExposedEndpointKeys.Description),
            Tags = [.. values.Get(ExposedEndpointKeys.Tags).Select(tag => tag.Value)],
        };
    }

    private List<string> ReadMethods(IReadOnlyList<YamlScalar> methods, string at)
    {
        foreach (var wrong in methods.Where(method => !ExposedEndpointKeys.Method().IsMatch(method.Value)))
        {
            diagnostics.Add(wrong.Place, $"{at}.methods", $"expected HTTP methods such as POST, not {wrong.Shown}");
        }

        return [.. methods.Select(method => method.Value.ToUpperInvariant()).Distinct(StringComparer.Ordinal)];
    }
}
