using System.Text.Json.Nodes;
using FlowKit.Clip.Models;
using FlowKit.Clip.Onnx;

namespace FlowKit.Clip.Inference;

/// <summary>
/// Reads image size, context length and dimension from the graphs: fills in values that nothing states, and refuses values that contradict
/// the graph.
/// </summary>
internal static class GraphFacts
{
    /// <summary>Compares a card's values with the folder's graphs.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="files">Its files.</param>
    /// <param name="values">The card's values; what is missing is added.</param>
    /// <param name="sourceOf">Returns the source of a value, for messages.</param>
    /// <exception cref="FlowKitException">
    /// <see cref="FlowErrorCode.FailedPrecondition"/>, naming both values and where they come from.
    /// </exception>
    internal static void Apply(string folder, ClipModelFiles files, JsonObject values, Func<string, string> sourceOf)
    {
        foreach (var (file, tower) in new[] { (files.Visual, ClipTowers.Image), (files.Textual, ClipTowers.Text) })
        {
            if (file is not null && Header(Path.Combine(folder, file.Path)) is { } header)
            {
                foreach (var (key, value) in Of(header, tower))
                {
                    Compare(Path.Combine(folder, file.Path), key, value, values, sourceOf);
                }
            }
        }
    }

    private static void Compare(string path, string key, int value, JsonObject values, Func<string, string> sourceOf)
    {
        if (values[key] is not { } stated)
        {
            values[key] = value;
        }
        else if (stated is JsonValue number && number.TryGetValue<int>(out var given) && given > 0 && given != value)
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"The model '{values["name"]}' has {key} {given}, says {sourceOf(key)}, but its graph {path} has {value}."
                + " One of them belongs to another model;"
                + $" \"{key}\" in {ClipModelFolder.CardFile} decides what is meant, and the graph what can be run.");
        }
    }

    private static IEnumerable<(string Key, int Value)> Of(OnnxHeader header, ClipTowers tower)
    {
        if (tower == ClipTowers.Image
            && header.Inputs.FirstOrDefault(static input => Shape(input).Count == 4) is { } pixels
            && Side(Shape(pixels)) is { } side)
        {
            yield return ("image_size", side);
        }

        if (tower == ClipTowers.Text
            && header.Inputs.FirstOrDefault(static input => Shape(input).Count == 2) is { } ids
            && Shape(ids)[1] > 0)
        {
            yield return ("context_length", Shape(ids)[1]);
        }

        if (header.Outputs.Count > 0)
        {
            var name = OutputChoice.Of(
                header.Outputs.Select(static value =>
                    (value.Name, Shape(value).Count, value.Type?.TensorType?.ElemType is OnnxTypes.Float or OnnxTypes.Half)),
                tower);
            if (Shape(header.Outputs.First(value => value.Name == name)) is { Count: >= 2 } shape && shape[^1] > 0)
            {
                yield return ("dimension", shape[^1]);
            }
        }
    }

    private static int? Side(List<int> shape) => shape switch
    {
        [_, 3, var rows, ..] => Positive(rows),
        [_, var rows, _, 3, ..] => Positive(rows),
        _ => null,
    };

    private static int? Positive(int value) => value > 0 ? value : null;

    private static List<int> Shape(ValueProto value) =>
        [.. value.Type?.TensorType?.Shape?.Dim.Select(static size => (int)size.DimValue) ?? []];

    private static OnnxHeader? Header(string path)
    {
        try
        {
            return OnnxHeader.Read(path);
        }
        catch (Exception exception) when (exception is FlowKitException or IOException)
        {
            // Opening the tower says what is wrong with the file.
            return null;
        }
    }
}
