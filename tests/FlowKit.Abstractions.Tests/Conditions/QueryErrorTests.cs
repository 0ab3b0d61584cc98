using System.Text.Json.Nodes;

namespace FlowKit.Conditions;

public sealed class QueryErrorTests
{
    [Theory]
    [InlineData("""{"$or": [{"weight": {"$gt": 1}}, {"tags__x": {"$gtt": 1}}]}""", "$or[1].tags__x.$gtt: unknown operator '$gtt'; did you mean '$gt'?")]
    [InlineData("""{"$nor": [{"weight": {"$gt": 1}}]}""", "$nor: unknown operator '$nor'; did you mean")]
    [InlineData("""{"$may": {"brand": {"$lt": 1}}}""", "$may: unknown operator '$may'")]
    [InlineData("""{"$gt": 1}""", "$gt: an operator belongs under a field")]
    [InlineData("""{"txt": {"$eq": "a"}}""", "txt.$eq: a document has no field 'txt'; did you mean 'text'?")]
    [InlineData("""{"tag__x": {"$eq": "a"}}""", "tag__x.$eq: a document has no field 'tag'; did you mean 'tags'?")]
    [InlineData("""{"price": {"$eq": 3}}""", "or tags__NAME for data of your own")]
    [InlineData("""{"modality": "D"}""", "modality: expected an object of operators such as {\"$eq\": \"D\"}, found \"D\"")]
    [InlineData("""{"text__contain": "D"}""", "did you mean 'contains'?")]
    [InlineData("""{"modality": {}}""", "modality: expected at least one operator")]
    [InlineData("""{"modality": null}""", "modality: expected an object of operators")]
    [InlineData("""{"tags": {"color": {"$eq": "red"}}}""", "tags.color: expected an operator, one of $eq")]
    [InlineData("""{"tags": {"color": {"$eq": "red"}}}""", "is written tags__color")]
    [InlineData("""{"$or": []}""", "$or: expected at least one condition")]
    [InlineData("""{"$not": 3}""", "$not: expected at least one condition, as a list of queries or an object such as {\"tags__price\": {\"$gt\": 3}}, found 3.")]
    [InlineData("""{"$and": [3]}""", "$and[0]: expected an object")]
    [InlineData("3", "The query: expected an object")]
    [InlineData("""{"text": {"$eq": "a", "$eq": "b"}}""", "Key: $eq")]
    [InlineData("""{"tags__x": {"$in": [{"a": 1, "a": 2}]}}""", "Key: a")]
    [InlineData("""{"text": {"$in": "a"}}""", "text.$in: expected a list, found \"a\"")]
    [InlineData("""{"text": {"$size": -1}}""", "text.$size: expected a whole number from 0, found -1")]
    [InlineData("""{"text": {"$exists": 1}}""", "text.$exists: expected true or false, found 1")]
    [InlineData("""{"text": {"$gt": null}}""", "text.$gt: expected a number or a text, found nothing")]
    [InlineData("""{"text__startswith": 1}""", "text__startswith: expected a text, found 1")]
    [InlineData("""{"text": {"$regex": 1}}""", "text.$regex: expected a regular expression, found 1")]
    [InlineData("""{"text": {"$regex": "("}}""", "text.$regex: '(' is not a regular expression")]
    [InlineData("""{"text": {"$eq": "{a b}"}}""", "text.$eq: '{a b}' starts like another field's value")]
    [InlineData("""{"text": {"$eq": "{modalty}"}}""", "text.$eq: a document has no field 'modalty'; did you mean 'modality'?")]
    [InlineData("""{"tensor": {"$eq": [1]}}""", "tensor.$eq: 'tensor' can only be asked for $size and $exists.")]
    [InlineData("""{"chunks__0": {"$eq": "a"}}""", "can only be asked for $size and $exists.")]
    [InlineData("""{"text__first": {"$eq": "a"}}""", "the field 'text' has no parts")]
    [InlineData("""{"scores__cosine__valu": {"$gt": 0}}""", "a score has no 'valu'; did you mean 'value'?")]
    [InlineData("""{"chunks__0__txt": {"$eq": "a"}}""", "a document has no field 'txt'; did you mean 'text'?")]
    [InlineData("""{"": {"$eq": "a"}}""", "a document has no field ''")]
    [InlineData("""{"_": {"$eq": "a"}}""", "a document has no field '_'")]
    public void A_query_that_cannot_be_read_is_an_error_at_its_place(string query, string expected)
    {
        var exception = Assert.Throws<FlowKitException>(() => DocumentCondition.Parse(JsonNode.Parse(query)!));

        Assert.Equal(FlowErrorCode.InvalidArgument, exception.Error.Code);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }
}
