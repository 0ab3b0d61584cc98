namespace FlowKit.Executors;

/// <summary>The numbers that a search looks at.</summary>
public enum VectorPrecision
{
    /// <summary>The vectors as they are: the search is exact.</summary>
    Float32,

    /// <summary>
    /// Floats of 16 bits, each vector with a scale of its own: half the memory. Scores are those of the rounded vectors, about three digits
    /// of a cosine.
    /// </summary>
    Float16,

    /// <summary>Whole numbers of 8 bits with a scale for each vector; the best candidates are scored again in float32.</summary>
    Int8,
}
