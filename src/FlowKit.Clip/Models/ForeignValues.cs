using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit.Clip.Models;

/// <summary>The values of a folder's own configuration files, each with the file that states it.</summary>
internal sealed class ForeignValues(string folder)
{
    private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);

    /// <summary>The values, with the keys of a card.</summary>
    internal JsonObject Values { get; } = [];

    /// <summary>Notes a value, where the file has one.</summary>
    internal void Set(string key, JsonNode? value, string file)
    {
        if (value is not null)
        {
            Values[key] = value.DeepClone();
            _sources[key] = file;
        }
    }

    /// <summary>Compares with the registry: of two that disagree neither is right by itself.</summary>
    /// <param name="known">The model the folder is taken for.</param>
    /// <param name="stated">The values of the folder's card.</param>
    /// <exception cref="FlowKitException"><see cref="FlowErrorCode.FailedPrecondition"/>, naming both values.</exception>
    internal void Compare(ClipRegistryEntry known, JsonObject stated)
    {
        foreach (var (key, file) in _sources)
        {
            if (known.Values[key] is { } expected && Values[key] is { } actual && !stated.ContainsKey(key) && !Same(expected, actual))
            {
                throw new FlowKitException(
                    FlowErrorCode.FailedPrecondition,
                    $"The folder {folder} is taken for the model '{known.Name}', whose {key} is {expected.ToJsonString()}, but its"
                    + $" {file} says {actual.ToJsonString()}. State the right one in {ClipModelFolder.CardFile}, such as {{\"model\":"
                    + $" \"{known.Name}\", \"{key}\": {actual.ToJsonString()}}}, or give the model another \"name\" there.");
            }
        }
    }

    private static bool Same(JsonArray left, JsonArray right) =>
        left.Count == right.Count && left.Zip(right).All(static pair => Same(pair.First!, pair.Second!));

    private static bool Same(JsonNode left, JsonNode right) => (left.GetValueKind(), right.GetValueKind()) switch
    {
        (JsonValueKind.Number, JsonValueKind.Number) => Math.Abs((double)left - (double)right) < 1e-4,
        (JsonValueKind.Array, JsonValueKind.Array) => Same(left.AsArray(), right.AsArray()),
        _ => left.ToJsonString() == right.ToJsonString(),
    };
}
