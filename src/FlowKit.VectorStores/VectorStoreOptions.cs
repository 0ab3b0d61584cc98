using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using FlowKit.VectorStores.Duplicates;

namespace FlowKit.VectorStores;

/// <summary>The options that every indexer has, whatever its store.</summary>
public abstract class VectorStoreOptions : IValidatableObject
{
    private const string LimitKey = "limit";

    /// <summary>The number of matches of a search whose request does not state one; 10 by default.</summary>
    [Range(1, 10_000)]
    public int Limit { get; set; } = 10;

    /// <summary>
    /// Indicates whether <c>blob</c> and <c>tensor</c> of indexed documents are kept; off by default, since the content is usually stored
    /// by other means.
    /// </summary>
    public bool StoreContent { get; set; }

    /// <summary>
    /// Indicates whether vectors whose model nobody named are taken beside those of a named one; off by default, since the cosine of two
    /// models' vectors says nothing.
    /// </summary>
    public bool AllowUnnamed { get; set; }

    /// <summary>Indicates whether embeddings are taken out of replies, where they are most of the bytes; off by default.</summary>
    public bool DropEmbedding { get; set; }

    /// <summary>
    /// The share of approximate searches that are repeated exactly in the background, from 0 (the default) to 1: the metric
    /// <c>flowkit.index.recall</c> tells how many of the nearest were found.
    /// </summary>
    [Range(0.0, 1.0)]
    public double RecallSample { get; set; }

    /// <summary>
    /// The score from which a document that is written is a duplicate of its nearest other one: the least cosine or dot product, the
    /// largest distance; none by default.
    /// </summary>
    public float? DuplicateThreshold { get; set; }

    /// <summary>
    /// The way in which a duplicate is written: <c>keep</c> (the default), with the other's id in its tag <c>duplicate_of</c>, or
    /// <c>refuse</c>, so that it fails.
    /// </summary>
    public OnDuplicate OnDuplicate { get; set; }

    /// <summary>The measure of nearness: <c>cosine</c> (the default), <c>dot</c> or <c>l2</c>.</summary>
    public VectorMetric Metric { get; set; } = VectorMetric.Cosine;

    /// <summary>
    /// The arguments of a search as Jina's SimpleIndexer has them, of which <c>limit</c> is <see cref="Limit"/>; none by default.
    /// </summary>
    public JsonElement? MatchArgs { get; set; }

    internal int ChosenLimit =>
        MatchArgs is { ValueKind: JsonValueKind.Object } written && written.TryGetProperty(LimitKey, out var limit)
            ? limit.GetInt32()
            : Limit;

    /// <summary>Checks Jina's arguments: what has no meaning here is refused by its name.</summary>
    /// <param name="validationContext">Not looked at.</param>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => MatchArgs switch
    {
        null => [],
        { ValueKind: JsonValueKind.Object } written => written.EnumerateObject().Select(Explain).OfType<string>()
            .Select(reason => new ValidationResult(reason, [nameof(MatchArgs)])),
        _ => [new ValidationResult("expected a mapping such as {limit: 10}", [nameof(MatchArgs)])],
    };

    private static string? Explain(JsonProperty argument) => argument.Name switch
    {
        LimitKey => IsLimit(argument.Value) ? null : "limit: expected a whole number from 1 to 10000",
        "traversal_right" or "traversal_left" or "traversal_rdarray" or "traversal_ldarray" => IsRoot(argument.Value)
            ? null
            : $"{argument.Name}: documents themselves are indexed and matched ('@r'), not their chunks; leave it out",
        _ => $"{argument.Name}: has no meaning here; known is limit",
    };

    private static bool IsLimit(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var limit) && limit is >= 1 and <= 10_000;

    /// <summary>Documents themselves, as Jina writes them: r, @r, or a list of that.</summary>
    private static bool IsRoot(JsonElement paths) => paths.ValueKind == JsonValueKind.Array
        ? paths.EnumerateArray().All(IsRoot)
        : paths.ValueKind == JsonValueKind.String && paths.GetString() is "r" or "@r";
}
