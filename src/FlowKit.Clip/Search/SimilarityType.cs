namespace FlowKit.Clip.Search;

/// <summary>The measure by which two embeddings are compared.</summary>
public enum SimilarityType
{
    /// <summary>By their angle: -1 to 1.</summary>
    Cosine,

    /// <summary>By their dot product as they are, length included.</summary>
    DotProduct,
}
