using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit.Fuzz.Targets;

/// <summary>Conditions (<c>when</c>): they hold for a document or do not, and again when they are read from their own text.</summary>
internal sealed class ConditionTarget : FuzzTarget
{
    private static readonly Document[] s_documents = MakeDocuments();

    public override string Name => "condition";

    /// <summary>Patterns compile to trees that are large for their text.</summary>
    public override long AllocationPerByte => 50_000;

    public override long AllocationBase => 8 << 20;

    public override IReadOnlyList<byte[]> Tokens { get; } =
        Split("$and $or $not $eq $neq $gt $gte $lt $lte $in $nin $regex $size $exists tags__a tags__b__c scores__cosine__value chunks__0__text text__icontains modality__in "
            + "__exact __startswith __range \"{modality}\" (a+)+$ [a-z] \\\\d (?<x>) {\" [{ }] true null 1.5 -1 weight embedding id mime_type");

    public override IEnumerable<Seed> Seeds() =>
    [
        new("compare", """{"tags__price": {"$gt": 3, "$lte": 10}, "weight": {"$neq": 0}}"""),
        new("logic", """{"$or": [{"text": {"$eq": "a"}}, {"$and": [{"modality": "image"}, {"$not": {"id": "x"}}]}]}"""),
        new("lists", """{"modality": {"$in": ["image", "text"]}, "tags__a": {"$nin": [1, 2.5, null, true]}}"""),
        new("regex", """{"text": {"$regex": "^re[d-f]\\s+(a|b)*$"}}"""),
        new("size", """{"chunks": {"$size": 2}, "tags__list": {"$size": 0}, "embedding": {"$exists": true}}"""),
        new("lookups", """{"text__icontains": "cat", "tags__b__c__startswith": "x", "scores__cosine__value__lt": 0.5}"""),
        new("other-field", """{"text": {"$eq": "{modality}"}, "chunks__0__text": "x"}"""),
        new("under-field", """{"tags__a": {"$or": [{"$gt": 1}, {"$not": {"$lt": 5}}]}}"""),
        new("empty", "{}"),
    ];

    public override void Run(byte[] input)
    {
        try
        {
            // The text of a flow file is Unicode, so half a surrogate pair cannot come here.
            var text = Encoding.UTF8.GetString(input);
            if (text.Contains("\\ud", StringComparison.OrdinalIgnoreCase) || JsonNode.Parse(text) is not { } query)
            {
                return;
            }

            var condition = DocumentCondition.Parse(query);
            var again = DocumentCondition.Parse(JsonNode.Parse(condition.ToString())!);
            foreach (var document in s_documents)
            {
                if (condition.Matches(document) != again.Matches(document))
                {
                    throw new FuzzFailure($"A round trip changes it: for {document} the condition and its text differ.");
                }
            }
        }
        catch (JsonException)
        {
        }
        catch (FlowKitException exception) when (exception.Error.Code is FlowErrorCode.InvalidArgument or FlowErrorCode.DeadlineExceeded)
        {
        }
    }

    private static Document[] MakeDocuments()
    {
        var rich = new Document("x") { Text = "red apple", Modality = "image", Weight = 0.5f, Embedding = NdArray.Wrap(new float[] { 1, 2 }) };
        rich.Tags["price"] = 5;
        rich.Tags["a"] = 2.5;
        rich.Tags["b"] = new JsonObject { ["c"] = "xyz" };
        rich.Tags["list"] = new JsonArray(1, "two", null);
        rich.Scores["cosine"] = new NamedScore(0.25f);
        rich.Chunks.Add(new Document("c") { Text = "x" });
        return [new Document("empty"), rich];
    }
}
