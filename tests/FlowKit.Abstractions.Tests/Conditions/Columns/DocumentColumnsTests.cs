using System.Text.Json.Nodes;

namespace FlowKit.Conditions.Columns;

/// <summary>A condition over columns holds for the same documents as one by one.</summary>
public sealed class DocumentColumnsTests
{
    private static readonly string[] s_queries =
    [
        """{"tags__n": {"$gt": 5}}""",
        """{"$not": {"tags__n": {"$gt": 5}}}""",
        """{"$or": [{"text": {"$regex": "^a"}}, {"tags__list": {"$size": 2}}]}""",
        """{"text": {"$eq": "{tags__name}"}}""",
        """{"tags__list": {"$eq": [1, 2]}}""",
        """{"tags__day": {"$gte": {"$date": "2026-01-05"}}}""",
        """{"tags__place": {"$geo_radius": {"center": {"lat": 60, "lon": 10}, "radius": 150000}}}""",
        """{"tags": {"$exists": false}}""",
        """{"tags__missing": {"$eq": null}}""",
    ];

    [Fact]
    public void Columns_select_what_each_document_matches_also_after_changes()
    {
        var random = new Random(4);
        var documents = Enumerable.Range(0, 300).Select(_ => Make(random)).ToList();
        var columns = new DocumentColumns();
        for (var round = 0; round < 5; round++)
        {
            foreach (var query in s_queries)
            {
                var condition = DocumentCondition.Parse(JsonNode.Parse(query)!);
                columns.Add(condition, documents.Index());
                Assert.True(columns.Cover(condition));
                Assert.Equal(
                    documents.Index().Where(pair => condition.Matches(pair.Item)).Select(pair => pair.Index),
                    columns.Select(condition, documents.Count).Enumerate());
            }

            for (var i = 0; i < 150; i++)
            {
                var row = random.Next(documents.Count);
                documents[row] = Make(random);
                columns.Set(row, documents[row]);
            }
        }
    }

    [Theory]
    [InlineData("""{"city": {"$eq": "Oslo"}}""", """{"tags__city":{"$eq":"Oslo"}}""")]
    [InlineData("""{"city__exact": "Oslo", "text": {"$exists": true}}""", """{"tags__city__exact":"Oslo","text":{"$exists":true}}""")]
    [InlineData("""{"$not": [{"a__b": {"$eq": {"lat": 1}}}]}""", """{"$not":[{"tags__a__b":{"$eq":{"lat":1}}}]}""")]
    public void In_filters_a_name_that_is_no_field_is_a_tags(string query, string expected) =>
        Assert.Equal(expected, DocumentCondition.ParseFilter(JsonNode.Parse(query)!).ToString());

    [Theory]
    [InlineData("""{"tags__day": {"$gt": {"$date": "soon"}}}""", "tags__day.$gt.$date: expected a date such as")]
    [InlineData("""{"tags__at": {"$geo_radius": {"lat": 1}}}""", "tags__at.$geo_radius: expected {\"center\"")]
    public void What_is_no_moment_or_circle_is_named(string query, string expected) => Assert.StartsWith(
        expected, Assert.Throws<FlowKitException>(() => DocumentCondition.Parse(JsonNode.Parse(query)!)).Message, StringComparison.Ordinal);

    private static Document Make(Random random)
    {
        var document = new Document { Text = random.Next(4) switch { 0 => null, 1 => "apple", 2 => "pear", _ => "x" } };
        if (random.Next(4) == 0)
        {
            return document;
        }

        (document.Tags["n"], document.Tags["name"]) = (random.Next(12), random.Next(2) == 0 ? "apple" : "x");
        document.Tags["list"] = new JsonArray([.. Enumerable.Range(1, random.Next(4)).Select(number => JsonValue.Create(number))]);
        document.Tags["day"] = random.Next(3) == 0 ? "no day" : $"2026-01-{random.Next(1, 10):00}T10:00:00Z";
        document.Tags["place"] = new JsonObject { ["lat"] = 58 + (random.NextDouble() * 4), ["lon"] = 10 };
        return document;
    }
}
