namespace FlowKit;

/// <summary>The name of the model that made a document's embedding: encoders write it, indexers and rankers refuse to mix models.</summary>
public static class EmbeddingModel
{
    /// <summary>The key in <see cref="Document.Metadata"/>.</summary>
    public const string Key = "embedding_model";

    /// <summary>Returns the model's name, or <see langword="null"/> where the document does not say.</summary>
    /// <param name="document">A document.</param>
    public static string? Of(Document document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return document.HasMetadata && document.Metadata.TryGetPropertyValue(Key, out var model) ? model?.ToString() : null;
    }
}
