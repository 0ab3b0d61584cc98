namespace FlowKit.Executors;

/// <summary>The numbers that a search looks at first.</summary>
public enum VectorPrecision
{
    /// <summary>The vectors as they are: the search is exact.</summary>
    Float32,

    /// <summary>Whole numbers of 8 bits with a scale for each vector; the best candidates are scored again in float32.</summary>
    Int8,
}
