namespace FlowKit.Executors;

/// <summary>The options of a CLIP encoder that a request may override.</summary>
internal class EncodeParameters
{
    /// <summary>The access path of the documents to embed, such as <c>@r</c>.</summary>
    public string? AccessPaths { get; set; }

    /// <summary>The old name of <see cref="AccessPaths"/>.</summary>
    public System.Text.Json.JsonElement? TraversalPaths { get; set; }

    /// <summary>Documents in one call of the model.</summary>
    public double? BatchSize { get; set; }

    /// <summary>clip-as-service's name of <see cref="BatchSize"/>.</summary>
    public double? MinibatchSize { get; set; }

    /// <summary>The model that the request expects, as clip-as-service's clients send it; an encoder with another model refuses.</summary>
    public string? ModelName { get; set; }

    /// <summary>The number of values of each new embedding, where the model's card allows to cut it; its own by default.</summary>
    public int? Dimensions { get; set; }

    /// <summary>Embed again what has an embedding.</summary>
    public bool? OverwriteEmbeddings { get; set; }

    /// <summary>Indicates whether <c>tensor</c> and <c>blob</c> are taken out of documents that were embedded.</summary>
    public bool? DropImageContent { get; set; }

    /// <summary>Reads the parameters; <c>traversal_paths</c> may be text or a list.</summary>
    public static EncodeParameters Read(Parameters parameters) => (EncodeParameters)parameters.Bind(typeof(EncodeParameters));

    /// <summary>The path to use.</summary>
    /// <param name="fallback">The executor's own.</param>
    public string Path(string fallback) => AccessPaths ?? PathOf(TraversalPaths) ?? fallback;

    /// <summary>Jina's old paths, a text or a list, as one text; <see langword="null"/> for anything else.</summary>
    internal static string? PathOf(System.Text.Json.JsonElement? paths) => paths switch
    {
        { ValueKind: System.Text.Json.JsonValueKind.String } text => text.GetString()!,
        { ValueKind: System.Text.Json.JsonValueKind.Array } list => string.Join(',', list.EnumerateArray().Select(item => item.ToString())),
        _ => null,
    };

    /// <summary>The batch size to use: at most the executor's own, which bounds its memory.</summary>
    /// <param name="own">The executor's own.</param>
    public int Batch(int own) => (BatchSize ?? MinibatchSize) switch
    {
        null => own,
        >= 1 and <= int.MaxValue and var size when size == Math.Floor(size) => Math.Min((int)size, own),
        var other => throw new FlowKitException(
            FlowErrorCode.InvalidArgument,
            $"parameters.{(BatchSize is null ? "minibatch_size" : "batch_size")}: {other} is not a whole number of at least 1."),
    };
}
