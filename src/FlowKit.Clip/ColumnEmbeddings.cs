namespace FlowKit.Clip;

/// <summary>The embeddings of one column: of length 1 each, and none for what was missing.</summary>
/// <param name="Embeddings">A vector for each row; zeros where the row was missing.</param>
/// <param name="Mask">Whether each row was there.</param>
/// <param name="IsImage">Whether the column held pictures.</param>
public sealed record ColumnEmbeddings(float[][] Embeddings, bool[] Mask, bool IsImage);
