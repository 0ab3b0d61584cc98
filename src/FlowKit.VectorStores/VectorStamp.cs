namespace FlowKit.VectorStores;

/// <summary>The kind of vectors that an index holds: vectors of different kinds cannot be compared and must not be mixed.</summary>
/// <param name="Dimension">The number of values of a vector.</param>
/// <param name="Model">The model that made them; empty when nobody said.</param>
public sealed record VectorStamp(int Dimension, string Model)
{
    /// <summary>The kind of a document's embedding, which must be there.</summary>
    public static VectorStamp Of(Document document) =>
        new(document.Embedding!.Length, EmbeddingModel.Of(document) ?? "");

    /// <summary>
    /// Returns the reason that a vector of kind <paramref name="other"/> cannot be used here, or <see langword="null"/> when it can.
    /// </summary>
    /// <param name="other">The kind of the vector.</param>
    /// <param name="takesUnnamed">Whether a kind whose model nobody named fits any of its dimension.</param>
    public string? Refuse(VectorStamp other, bool takesUnnamed)
    {
        if (other.Dimension != Dimension)
        {
            return $"the index holds vectors of {Dimension} dimensions made by '{Name(this)}',"
                + $" and this embedding has {other.Dimension}, made by '{Name(other)}'";
        }

        if (Model == other.Model)
        {
            return null;
        }

        if (Model.Length > 0 && other.Model.Length > 0)
        {
            return $"the index was made by the model '{Model}' ({Dimension} dimensions), and this embedding by '{other.Model}';"
                + " use another workspace or index again";
        }

        return takesUnnamed
            ? null
            : $"the index was made by '{Name(this)}', and this embedding by '{Name(other)}'; name the model in _metadata."
                + $"{EmbeddingModel.Key}, or set allow_unnamed when both are known to be of one model";
    }

    private static string Name(VectorStamp stamp) => stamp.Model.Length > 0 ? stamp.Model : "an unnamed model";
}
