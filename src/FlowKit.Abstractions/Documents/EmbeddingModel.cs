namespace FlowKit.Executors;

/// <summary>Which model made a document's embedding: encoders say so, indexers and rankers refuse to mix models.</summary>
internal static class EmbeddingModel
{
    /// <summary>The key of <c>_metadata</c>.</summary>
    public const string Key = "embedding_model";

    /// <summary>The model, where the document says so.</summary>
    public static string? Of(Document document) =>
        document.HasMetadata && document.Metadata.TryGetPropertyValue(Key, out var model) ? model?.ToString() : null;
}
