using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit.VectorStores.Words;

/// <summary>The fields of documents whose words are searched.</summary>
public sealed class WordFields
{
    private readonly List<FieldPath> _paths;

    private WordFields(IReadOnlyList<string> names, List<FieldPath> paths) => (Names, _paths) = (names, paths);

    /// <summary>The names of the fields.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Reads names of fields.</summary>
    /// <param name="names">Such as <c>text</c>, <c>uri</c> or <c>tags__title</c>; none where nothing is found by words.</param>
    /// <exception cref="FlowKitException">One of them is no field with words.</exception>
    public static WordFields Parse(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return new WordFields([.. names], [.. names.Select((name, i) => Parse(name, $"text_fields[{i}]"))]);
    }

    /// <summary>The words of a document: texts and numbers of its fields, and of lists and objects in them, a line each.</summary>
    /// <param name="document">The document.</param>
    public string TextOf(Document document)
    {
        ArgumentNullException.ThrowIfNull(document);
        if (_paths.Count == 1 && _paths[0].Read(document).AsText is { } text)
        {
            return text;
        }

        return string.Join('\n', _paths.SelectMany(path => Texts(path.Read(document))));
    }

    private static FieldPath Parse(string name, string place)
    {
        var path = FieldPath.Parse(name, place);
        return path.IsOpaque
            ? throw new FlowKitException(FlowErrorCode.InvalidArgument, $"{place}: '{name}' has no words; name text, uri or tags__NAME.")
            : path;
    }

    private static IEnumerable<string> Texts(FieldValue value)
    {
        if (value.AsText is { } text)
        {
            return [text];
        }

        return value.AsJson is { } json ? Texts(json) : [];
    }

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject entries => entries.SelectMany(entry => Texts(entry.Value)),
        JsonArray list => list.SelectMany(Texts),
        JsonValue value when value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number => [value.ToString()],
        _ => [],
    };
}
