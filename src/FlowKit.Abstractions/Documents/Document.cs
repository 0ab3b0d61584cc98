using System.Text.Json.Nodes;

namespace FlowKit;

/// <summary>
/// The unit that travels through a flow: DocArray v1's Document, field by field. Executors change it in place. It is not safe for two
/// threads to write one document; a fork gives each branch its own.
/// </summary>
public sealed class Document
{
    private object? _content;
    private DocumentArray? _chunks;
    private DocumentArray? _matches;
    private JsonObject? _tags;
    private JsonObject? _metadata;
    private Dictionary<string, NamedScore>? _scores;
    private Dictionary<string, NamedScore>? _evaluations;

    /// <summary>Makes an empty document with a new id of 32 hex digits.</summary>
    public Document()
        : this(NewId.Next())
    {
    }

    /// <summary>Makes an empty document with the given id.</summary>
    /// <param name="id">The id; joins and indexes know a document by it.</param>
    public Document(string id) => Id = id;

    /// <summary>The name by which joins and indexes know the document.</summary>
    public string Id { get; set; }

    /// <summary>Raw bytes, such as an encoded image. Setting it clears <see cref="Tensor"/> and <see cref="Text"/>.</summary>
    public ReadOnlyMemory<byte>? Blob
    {
        get => _content is ReadOnlyMemory<byte> blob ? blob : (ReadOnlyMemory<byte>?)null;
        set => SetContent<ReadOnlyMemory<byte>>(value);
    }

    /// <summary>An array, such as decoded pixels (H×W×3 uint8). Setting it clears <see cref="Blob"/> and <see cref="Text"/>.</summary>
    public NdArray? Tensor
    {
        get => _content as NdArray;
        set => SetContent<NdArray>(value);
    }

    /// <summary>Text. Setting it clears <see cref="Blob"/> and <see cref="Tensor"/>.</summary>
    public string? Text
    {
        get => _content as string;
        set => SetContent<string>(value);
    }

    /// <summary>The kind of its content.</summary>
    public DocumentContent ContentType => _content switch
    {
        ReadOnlyMemory<byte> => DocumentContent.Blob,
        NdArray => DocumentContent.Tensor,
        string => DocumentContent.Text,
        _ => DocumentContent.None,
    };

    /// <summary>The depth of the document among chunks; 0 for a root.</summary>
    public uint Granularity { get; set; }

    /// <summary>The distance of the document among matches; 0 for a root.</summary>
    public uint Adjacency { get; set; }

    /// <summary>The document this is a chunk of.</summary>
    public string? ParentId { get; set; }

    /// <summary>Its weight among its siblings.</summary>
    public float? Weight { get; set; }

    /// <summary>The place where the content is: a path, an http(s) or a data URI.</summary>
    public string? Uri { get; set; }

    /// <summary>A free label of the kind of content.</summary>
    public string? Modality { get; set; }

    /// <summary>The content's MIME type.</summary>
    public string? MimeType { get; set; }

    /// <summary>The place where the chunk begins in its parent.</summary>
    public float? Offset { get; set; }

    /// <summary>The place where the chunk lies in its parent, as coordinates.</summary>
    public IReadOnlyList<float>? Location { get; set; }

    /// <summary>Its parts.</summary>
    public DocumentArray Chunks
    {
        get => _chunks ??= [];
        set => _chunks = value;
    }

    /// <summary>Its nearest neighbours.</summary>
    public DocumentArray Matches
    {
        get => _matches ??= [];
        set => _matches = value;
    }

    /// <summary>Its vector.</summary>
    public NdArray? Embedding { get; set; }

    /// <summary>Free structured data.</summary>
    public JsonObject Tags
    {
        get => _tags ??= [];
        set => _tags = value;
    }

    /// <summary>Scores by name, such as <c>cosine</c>.</summary>
    public Dictionary<string, NamedScore> Scores => _scores ??= [];

    /// <summary>Evaluations by name.</summary>
    public Dictionary<string, NamedScore> Evaluations => _evaluations ??= [];

    /// <summary>DocArray's <c>_metadata</c>: data for executors rather than for people, such as the model of an embedding.</summary>
    public JsonObject Metadata
    {
        get => _metadata ??= [];
        set => _metadata = value;
    }

    /// <summary>The error with which this document failed; later executors do not see it and the reply carries the error.</summary>
    public FlowError? Error { get; set; }

    /// <summary>Tells whether there are chunks, without making an empty list.</summary>
    public bool HasChunks => _chunks is { Count: > 0 };

    /// <summary>Tells whether there are matches, without making an empty list.</summary>
    public bool HasMatches => _matches is { Count: > 0 };

    /// <summary>Tells whether there are tags, without making an empty object.</summary>
    public bool HasTags => _tags is { Count: > 0 };

    /// <summary>Tells whether there are scores, without making an empty map.</summary>
    public bool HasScores => _scores is { Count: > 0 };

    /// <summary>Tells whether there are evaluations, without making an empty map.</summary>
    public bool HasEvaluations => _evaluations is { Count: > 0 };

    /// <summary>Tells whether there is metadata, without making an empty object.</summary>
    public bool HasMetadata => _metadata is { Count: > 0 };

    /// <summary>Marks the document as failed, naming it.</summary>
    /// <param name="code">The kind of failure.</param>
    /// <param name="message">What was wrong with it and what was expected.</param>
    public void Fail(FlowErrorCode code, string message) => Error = new FlowError(code, message) { DocumentId = Id };

    /// <summary>Removes the content, whichever it is.</summary>
    public void ClearContent() => _content = null;

    /// <summary>
    /// A document of its own with the same fields: lists, tags and scores are copied, arrays and bytes (immutable) are shared.
    /// </summary>
    public Document Clone()
    {
        var copy = (Document)MemberwiseClone();
        copy._chunks = _chunks?.Clone();
        copy._matches = _matches?.Clone();
        copy._tags = (JsonObject?)_tags?.DeepClone();
        copy._metadata = (JsonObject?)_metadata?.DeepClone();
        copy._scores = _scores is null ? null : new Dictionary<string, NamedScore>(_scores);
        copy._evaluations = _evaluations is null ? null : new Dictionary<string, NamedScore>(_evaluations);
        return copy;
    }

    /// <inheritdoc/>
    public override string ToString() => $"Document {Id} ({ContentType})";

    /// <summary>Setting null clears only that kind of content, as setting a protobuf one-of member does.</summary>
    private void SetContent<T>(object? value)
    {
        if (value is not null)
        {
            _content = value;
        }
        else if (_content is T)
        {
            _content = null;
        }
    }
}
