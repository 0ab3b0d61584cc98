using FlowKit.Wire.Proto;

namespace FlowKit.Wire;

/// <summary>Jina's DataRequest: the one message that carries a request in and its answer out.</summary>
public sealed class DataRequest
{
    private DocumentArray? _documents;

    /// <summary>32 hex digits, given by the server; one that a client sends is ignored.</summary>
    public string? RequestId { get; set; }

    /// <summary>The endpoint, such as <c>/search</c>; <c>/</c> when not said.</summary>
    public string ExecEndpoint { get; set; } = "/";

    /// <summary>A regular expression, matched from the start of each executor's name; empty for all.</summary>
    public string TargetExecutor { get; set; } = "";

    /// <summary>Jina's header field of this name, which no Jina reads.</summary>
    public uint? Timeout { get; set; }

    /// <summary>The status; <see langword="null"/> for success.</summary>
    public WireStatus? Status { get; set; }

    /// <summary>The parameters beside the documents.</summary>
    public Parameters Parameters { get; set; } = new();

    /// <summary>The route of the request, the gateway first.</summary>
    public IReadOnlyList<WireRoute> Routes { get; set; } = [];

    /// <summary>The documents. Those of a request that was read lazily are decoded when one of them is first asked for.</summary>
    public DocumentArray Documents
    {
        get => _documents ??= [];
        set => _documents = value;
    }

    /// <summary>
    /// Indicates whether the documents of a request that was read lazily have not been asked for, so that they are sent on as they came.
    /// </summary>
    public bool HasUndecodedDocuments => Undecoded is not null;

    /// <summary>The fields that protobuf writes even when they are empty.</summary>
    public DataRequestFields AlwaysWritten { get; set; } = DataRequestFields.ExecEndpoint | DataRequestFields.Parameters;

    /// <summary>
    /// The form of the documents in the message that it was read from; <see langword="null"/> when it was not read from protobuf.
    /// </summary>
    internal string? Format { get; init; }

    /// <summary>The documents as they came.</summary>
    internal UndecodedDocuments? Undecoded => _documents?.Deferred as UndecodedDocuments;

    /// <summary>
    /// Fields of the message that are not known here, as they came; kept where the documents are, since both are only passed on.
    /// </summary>
    internal List<ReadOnlyMemory<byte>>? UnknownFields { get; set; }
}
