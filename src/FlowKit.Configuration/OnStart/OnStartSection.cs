using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.OnStart;

/// <summary>Reads <c>on_start:</c>.</summary>
internal sealed class OnStartSection(ConfigDiagnostics diagnostics)
{
    public IReadOnlyList<OnStartConfig> Read(YamlNode? node)
    {
        if (node is null or { IsNull: true })
        {
            return [];
        }

        if (node is YamlSequence list)
        {
            return [.. list.Items.Select((item, index) => ReadEntry(item, $"on_start[{index}]"))];
        }

        diagnostics.Add(node.Place, "on_start", $"expected a list of what to post, not {node.Shown}");
        return [];
    }

    private OnStartConfig ReadEntry(YamlNode node, string path)
    {
        if (node is not YamlMapping mapping)
        {
            diagnostics.Add(node.Place, path, $"expected a mapping with 'post' and 'inputs', not {node.Shown}");
            return OnStartConfig.Defaults;
        }

        var values = OnStartKeys.Table.Read(mapping, path, diagnostics);
        Require(values, OnStartKeys.Post, path, "an endpoint such as /index");
        Require(values, OnStartKeys.Inputs, path, "files to post, such as photos/*.jpg");
        return new OnStartConfig
        {
            Post = values.Get(OnStartKeys.Post),
            Inputs = [.. values.Get(OnStartKeys.Inputs).Select(input => input.Value)],
            InputPlaces = [.. values.Get(OnStartKeys.Inputs).Select(input => input.Place)],
            RequestSize = values.Get(OnStartKeys.RequestSize),
            OnlyOnce = values.Get(OnStartKeys.OnlyOnce),
            Parameters = new YamlJson(diagnostics).Convert(
                values.Get(OnStartKeys.Parameters) ?? new YamlMapping(mapping.Place, []), $"{path}.parameters"),
        };
    }

    private void Require(KeyValues values, Key key, string path, string what)
    {
        if (!values.Has(key))
        {
            diagnostics.Add(values.Place, path, $"the key '{key.Name}' is missing; expected {what}");
        }
    }
}
