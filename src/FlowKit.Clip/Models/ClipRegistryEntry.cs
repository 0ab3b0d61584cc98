using System.Text.Json.Nodes;

namespace FlowKit.Clip.Models;

/// <summary>A model that FlowKit knows by name: its card without files, and where to pull it from.</summary>
public sealed class ClipRegistryEntry
{
    internal ClipRegistryEntry(string family, JsonObject values, IReadOnlyList<string> aliases, ClipHubSource? hub) =>
        (Family, Values, Aliases, Hub, Card) = (family, values, aliases, hub, CardReader.ToCard(values, "the registry"));

    /// <summary>The family it belongs to.</summary>
    public string Family { get; }

    /// <summary>Its name, such as <c>ViT-B-32::openai</c>.</summary>
    public string Name => Card.Name;

    /// <summary>Other names for it.</summary>
    public IReadOnlyList<string> Aliases { get; }

    /// <summary>The repository with the model's ONNX files; <see langword="null"/> when none is known.</summary>
    public ClipHubSource? Hub { get; }

    /// <summary>Its card, without files.</summary>
    public ClipModelCard Card { get; }

    /// <summary>The card as it stands in the data file.</summary>
    internal JsonObject Values { get; }
}
