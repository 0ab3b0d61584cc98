namespace FlowKit.VectorStores.Duplicates;

/// <summary>The ways in which a document is written that is nearly the same as another.</summary>
public enum OnDuplicate
{
    /// <summary>It is kept, and its tag <c>duplicate_of</c> names the other.</summary>
    Keep,

    /// <summary>It is not written, and fails with an error that names the other.</summary>
    Refuse,
}
