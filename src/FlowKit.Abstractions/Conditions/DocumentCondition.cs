using System.Text.Json.Nodes;

namespace FlowKit;

/// <summary>
/// A condition on documents: DocArray v1's query language, as <c>when</c> writes it. <c>{field: {$op: value}}</c> with
/// <c>$eq $neq $gt $gte $lt $lte $in $nin $regex $size $exists $geo_radius</c>, nested <c>$and $or $not</c>, parts as <c>tags__a__b</c>,
/// <c>scores__cosine__value</c> or <c>chunks__0__text</c>, lookups as <c>text__icontains: cat</c>, and another field as value:
/// <c>'{modality}'</c>.
/// </summary>
/// <remarks>
/// As in DocArray several fields or operators must all hold, a missing part is null, an unset field has its default (<c>""</c>, 0) and does
/// not <c>$exists</c>. An operator that does not fit the value it meets (text against a number) does not hold, where Python would raise.
/// </remarks>
public sealed class DocumentCondition
{
    private readonly ConditionNode _root;
    private readonly string _query;

    private DocumentCondition(ConditionNode root, string query) => (_root, _query) = (root, query);

    /// <summary>Reads a query once, for any number of documents.</summary>
    /// <param name="query">The query; an empty object holds for every document.</param>
    /// <exception cref="FlowKitException">It is not a query: the message starts with the place inside it.</exception>
    public static DocumentCondition Parse(JsonNode query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var own = query.DeepClone();
        try
        {
            JsonKeys.Check(own);
            return new DocumentCondition(ConditionReader.Read(own), own.ToJsonString());
        }
        catch (ArgumentException exception)
        {
            // A key that stands twice is found when the object is first looked into, which must not be while documents pass.
            throw QueryError.At("", exception.Message);
        }
    }

    /// <summary>
    /// Reads a filter of a store, in which a name that is no field of documents is a tag's: <c>{"city": {"$eq": "Oslo"}}</c> is
    /// <c>{"tags__city": {"$eq": "Oslo"}}</c>, as stores of DocArray have it.
    /// </summary>
    /// <param name="query">The query; an empty object holds for every document.</param>
    /// <exception cref="FlowKitException">It is not a query: the message starts with the place inside it.</exception>
    public static DocumentCondition ParseFilter(JsonNode query)
    {
        ArgumentNullException.ThrowIfNull(query);
        try
        {
            return Parse(TagNames.Complete(query)!);
        }
        catch (ArgumentException exception)
        {
            throw QueryError.At("", exception.Message);
        }
    }

    /// <summary>The names of the fields that it reads, as the query writes them: <c>tags__city</c>.</summary>
    public IReadOnlyCollection<string> Fields => [.. Paths.Select(path => path.Name).Distinct(StringComparer.Ordinal)];

    /// <summary>The fields that it reads.</summary>
    internal IEnumerable<FieldPath> Paths => _root.Paths;

    /// <summary>Tells whether it holds for a document. Safe to call from several threads with different documents.</summary>
    /// <param name="document">The document, which is not changed.</param>
    /// <exception cref="FlowKitException">A <c>$regex</c> took longer than 250 ms.</exception>
    public bool Matches(Document document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return _root.Holds(document);
    }

    /// <summary>The rows of columns that it holds for.</summary>
    internal RowSet Select(DocumentColumns columns, int rows) => _root.Select(columns, rows);

    /// <summary>The query as JSON.</summary>
    public override string ToString() => _query;
}
