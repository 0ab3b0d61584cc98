namespace FlowKit.VectorStores;

/// <summary>The fields of a document that a store returns. The id and what went wrong with the document are always returned.</summary>
public sealed class FieldSelection
{
    private const string TagPrefix = "tags__";

    private static readonly Dictionary<string, Action<Document, Document>> s_copies = new(StringComparer.Ordinal)
    {
        ["text"] = (from, to) => to.Text = from.Text ?? to.Text,
        ["blob"] = (from, to) => to.Blob = from.Blob ?? to.Blob,
        ["tensor"] = (from, to) => to.Tensor = from.Tensor ?? to.Tensor,
        ["embedding"] = (from, to) => to.Embedding = from.Embedding,
        ["uri"] = (from, to) => to.Uri = from.Uri,
        ["mime_type"] = (from, to) => to.MimeType = from.MimeType,
        ["modality"] = (from, to) => to.Modality = from.Modality,
        ["weight"] = (from, to) => to.Weight = from.Weight,
        ["offset"] = (from, to) => to.Offset = from.Offset,
        ["location"] = (from, to) => to.Location = from.Location,
        ["parent_id"] = (from, to) => to.ParentId = from.ParentId,
        ["granularity"] = (from, to) => to.Granularity = from.Granularity,
        ["tags"] = (from, to) => CopyAll(from.HasTags ? from.Tags : null, to.Tags),
        ["_metadata"] = (from, to) => CopyAll(from.HasMetadata ? from.Metadata : null, to.Metadata),
        ["chunks"] = (from, to) => to.Chunks = from.HasChunks ? from.Chunks : [],
    };

    private readonly string[]? _names;

    private FieldSelection(string[]? names, bool hasEmbedding) => (_names, HasEmbedding) = (names, hasEmbedding);

    /// <summary>All fields but the embedding.</summary>
    public static FieldSelection All { get; } = new(null, hasEmbedding: false);

    /// <summary>All fields.</summary>
    public static FieldSelection WithEmbedding { get; } = new(null, hasEmbedding: true);

    /// <summary>Indicates whether the embedding is returned.</summary>
    public bool HasEmbedding { get; }

    /// <summary>Reads names of fields.</summary>
    /// <param name="names">Such as <c>text</c>, <c>tags</c> or <c>tags__city</c>; none for the id alone.</param>
    /// <param name="parameter">The parameter's name for an error.</param>
    /// <exception cref="FlowKitException">One of them is no field.</exception>
    public static FieldSelection Parse(IReadOnlyList<string> names, string parameter)
    {
        ArgumentNullException.ThrowIfNull(names);
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] is not ("id" or "scores") && !s_copies.ContainsKey(names[i]) && !IsTag(names[i]))
            {
                throw new FlowKitException(
                    FlowErrorCode.InvalidArgument,
                    $"parameters.{parameter}[{i}]: a document has no field '{names[i]}' that could be returned"
                    + $"{NearestName.Hint(names[i], s_copies.Keys)}; expected id, scores, {string.Join(", ", s_copies.Keys)}"
                    + " or tags__NAME.");
            }
        }

        return new FieldSelection([.. names], names.Contains("embedding"));
    }

    /// <summary>Returns the document with the selected fields; it may be the same object.</summary>
    /// <param name="document">A document of the store's own that nobody else has.</param>
    public Document Apply(Document document)
    {
        ArgumentNullException.ThrowIfNull(document);
        if (_names is null)
        {
            return document;
        }

        var result = new Document(document.Id) { Error = document.Error, Adjacency = document.Adjacency };
        foreach (var name in _names)
        {
            if (s_copies.TryGetValue(name, out var copy))
            {
                copy(document, result);
            }
            else if (IsTag(name) && document.HasTags && document.Tags.TryGetPropertyValue(name[TagPrefix.Length..], out var tag))
            {
                result.Tags[name[TagPrefix.Length..]] = tag?.DeepClone();
            }
        }

        return result;
    }

    private static bool IsTag(string name) => name.Length > TagPrefix.Length && name.StartsWith(TagPrefix, StringComparison.Ordinal);

    private static void CopyAll(System.Text.Json.Nodes.JsonObject? from, System.Text.Json.Nodes.JsonObject to)
    {
        foreach (var (name, value) in from ?? [])
        {
            to[name] = value?.DeepClone();
        }
    }
}
