using System.Collections.Frozen;

namespace FlowKit;

/// <summary>An operator of the query language: as <c>$name</c>, as lookup <c>field__name</c>, or both.</summary>
/// <param name="Form">What stands behind it.</param>
/// <param name="Holds">
/// What it asks; <see langword="null"/> for <c>$regex</c>, <c>$exists</c> and <c>$geo_radius</c>, which are conditions of their own.
/// </param>
internal sealed record FieldOperator(OperandForm Form, FieldComparison? Holds = null)
{
    private static readonly FieldOperator Equal = new(OperandForm.Any, Comparisons.AreEqual);
    private static readonly FieldOperator NotEqual = new(OperandForm.Any, Comparisons.AreNotEqual);
    private static readonly FieldOperator Greater = new(OperandForm.Scalar, Comparisons.IsGreater);
    private static readonly FieldOperator AtLeast = new(OperandForm.Scalar, Comparisons.IsAtLeast);
    private static readonly FieldOperator Less = new(OperandForm.Scalar, Comparisons.IsLess);
    private static readonly FieldOperator AtMost = new(OperandForm.Scalar, Comparisons.IsAtMost);
    private static readonly FieldOperator In = new(OperandForm.List, Comparisons.IsIn);
    private static readonly FieldOperator NotIn = new(OperandForm.List, Comparisons.IsNotIn);
    private static readonly FieldOperator Pattern = new(OperandForm.Pattern);
    private static readonly FieldOperator Size = new(OperandForm.Size, Comparisons.HasSize);
    private static readonly FieldOperator Exists = new(OperandForm.Flag);

    /// <summary>By <c>$name</c>. DocArray's documentation writes <c>$ne</c> where its code reads <c>$neq</c>; both are read here.</summary>
    public static readonly FrozenDictionary<string, FieldOperator> ByName = new Dictionary<string, FieldOperator>
    {
        ["$eq"] = Equal,
        ["$neq"] = NotEqual,
        ["$ne"] = NotEqual,
        ["$gt"] = Greater,
        ["$gte"] = AtLeast,
        ["$lt"] = Less,
        ["$lte"] = AtMost,
        ["$in"] = In,
        ["$nin"] = NotIn,
        ["$regex"] = Pattern,
        ["$size"] = Size,
        ["$exists"] = Exists,
        ["$geo_radius"] = new(OperandForm.Circle),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>By the last part of a key whose value is no object.</summary>
    public static readonly FrozenDictionary<string, FieldOperator> ByLookup = new Dictionary<string, FieldOperator>
    {
        ["exact"] = Equal,
        ["iexact"] = new(OperandForm.Any, Comparisons.AreEqualIgnoringCase),
        ["neq"] = NotEqual,
        ["contains"] = new(OperandForm.Scalar, Comparisons.Contains),
        ["icontains"] = new(OperandForm.Scalar, Comparisons.ContainsIgnoringCase),
        ["startswith"] = new(OperandForm.Text, Comparisons.StartsWith),
        ["istartswith"] = new(OperandForm.Text, Comparisons.StartsWithIgnoringCase),
        ["endswith"] = new(OperandForm.Text, Comparisons.EndsWith),
        ["iendswith"] = new(OperandForm.Text, Comparisons.EndsWithIgnoringCase),
        ["gt"] = Greater,
        ["gte"] = AtLeast,
        ["lt"] = Less,
        ["lte"] = AtMost,
        ["in"] = In,
        ["nin"] = NotIn,
        ["regex"] = Pattern,
        ["size"] = Size,
        ["exists"] = Exists,
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
