using System.Text.Json.Nodes;

namespace FlowKit.Conditions;

public sealed class DocumentConditionTests
{
    /// <summary>The five documents of DocArray's page "Query by Conditions", by their text.</summary>
    private static readonly Document[] Stationery =
    [
        Of("journal", 25, "A", """{"h": 14, "w": 21, "uom": "cm"}"""),
        Of("notebook", 50, "A", """{"h": 8.5, "w": 11, "uom": "in"}"""),
        Of("paper", 100, "D", """{"h": 8.5, "w": 11, "uom": "in"}"""),
        Of("planner", 75, "D", """{"h": 22.85, "w": 30, "uom": "cm"}"""),
        Of("postcard", 45, "A", """{"h": 10, "w": 15.25, "uom": "cm"}"""),
    ];

    [Theory]
    [InlineData("""{}""", "journal notebook paper planner postcard")]
    [InlineData("""{"modality": {"$eq": "D"}}""", "paper planner")]
    [InlineData("""{"tags__h": {"$gt": 10}}""", "journal planner")]
    [InlineData("""{"tags__h": {"$gte": 10}}""", "journal planner postcard")]
    [InlineData("""{"tags__h": {"$gte": 10, "$lt": 20}}""", "journal postcard")]
    [InlineData("""{"tags__h": {"$lte": 8.5}, "modality": {"$neq": "D"}}""", "notebook")]
    [InlineData("""{"modality": {"$ne": "D"}}""", "journal notebook postcard")]
    [InlineData("""{"text": {"$in": ["paper", "journal"]}}""", "journal paper")]
    [InlineData("""{"text": {"$nin": ["paper", "journal"]}}""", "notebook planner postcard")]
    [InlineData("""{"weight": {"$in": [25, 100]}}""", "journal paper")]
    [InlineData("""{"text": {"$regex": "^p.*r$"}}""", "paper planner")]
    [InlineData("""{"tags": {"$size": 3}, "text": {"$size": 7}}""", "journal planner")]
    [InlineData("""{"$or": [{"weight": {"$lt": 30}}, {"tags__uom": {"$eq": "in"}}]}""", "journal notebook paper")]
    [InlineData("""{"$or": {"weight": {"$lt": 30}, "tags__uom": {"$eq": "in"}}}""", "journal notebook paper")]
    [InlineData("""{"$and": [{"weight": {"$gt": 30}}, {"$or": [{"modality": {"$eq": "D"}}, {"tags__h": {"$eq": 10}}]}]}""", "paper planner postcard")]
    [InlineData("""{"$not": {"modality": {"$eq": "A"}}}""", "paper planner")]
    [InlineData("""{"$not": [{"modality": {"$eq": "A"}}, {"tags__uom": {"$eq": "cm"}}]}""", "notebook paper planner")]
    [InlineData("""{"$or": [{"text": {"$eq": "paper"}}, {"text": {"$eq": "planner"}}], "weight": {"$gt": 80}}""", "paper")]
    [InlineData("""[{"modality": {"$eq": "A"}}, {"tags__uom": {"$eq": "cm"}}]""", "journal postcard")]
    [InlineData("""{"weight": {"$or": [{"weight": {"$lt": 30}}, {"weight": {"$gt": 80}}]}}""", "journal paper")]
    [InlineData("""{"weight": {"$or": [{"$lt": 30}, {"$gt": 80}]}}""", "journal paper")]
    [InlineData("""{"weight": {"$gte": 45, "$not": {"$gt": 50}}}""", "notebook postcard")]
    public void The_operators_choose_what_DocArray_chooses(string query, string expected)
    {
        var condition = DocumentCondition.Parse(JsonNode.Parse(query)!);

        Assert.Equal(expected.Split(' '), Stationery.Where(condition.Matches).Select(document => document.Text));
    }

    [Theory]
    [InlineData("""{"text__exact": "paper"}""", "paper")]
    [InlineData("""{"text__iexact": "PAPER"}""", "paper")]
    [InlineData("""{"text__neq": "paper", "modality__exact": "D"}""", "planner")]
    [InlineData("""{"text__contains": "no"}""", "notebook")]
    [InlineData("""{"text__icontains": "AN"}""", "planner")]
    [InlineData("""{"text__startswith": "p"}""", "paper planner postcard")]
    [InlineData("""{"text__istartswith": "PA"}""", "paper")]
    [InlineData("""{"text__endswith": "book"}""", "notebook")]
    [InlineData("""{"text__iendswith": "R"}""", "paper planner")]
    [InlineData("""{"text__regex": "o{2}k"}""", "notebook")]
    [InlineData("""{"text__in": ["paper"]}""", "paper")]
    [InlineData("""{"text__nin": ["paper", "planner", "postcard"]}""", "journal notebook")]
    [InlineData("""{"tags__h__gt": 14, "weight__lte": 75}""", "planner")]
    [InlineData("""{"tags__w__gte": 21, "tags__w__lt": 30}""", "journal")]
    [InlineData("""{"text__size": 5, "tags__uom__exists": true}""", "paper")]
    public void A_lookup_is_an_operator_at_the_end_of_a_key(string query, string expected) => The_operators_choose_what_DocArray_chooses(query, expected);

    [Theory]
    [InlineData("""{"id": {"$eq": "q"}}""")]
    [InlineData("""{"parent_id": {"$eq": "p"}, "granularity": {"$eq": 1}, "adjacency": {"$eq": 2}}""")]
    [InlineData("""{"text": {"$eq": "a cat"}, "content": {"$eq": "a cat"}, "content_type": {"$eq": "text"}}""")]
    [InlineData("""{"blob": {"$exists": false}, "tensor": {"$exists": false}}""")]
    [InlineData("""{"uri": {"$regex": "png$"}, "mime_type__startswith": "image/"}""")]
    [InlineData("""{"weight": {"$gt": 0.4}, "offset": {"$eq": 1.5}, "location": {"$eq": [1, 2]}, "location__1": {"$eq": 2}}""")]
    [InlineData("""{"embedding": {"$size": 3, "$exists": true}}""")]
    [InlineData("""{"scores__cosine__value": {"$gt": 0.8}, "scores__cosine__op_name": {"$eq": "cosine"}, "scores__cosine__ref_id": {"$eq": ""}}""")]
    [InlineData("""{"scores": {"$size": 1}, "scores__cosine": {"$exists": true}, "scores__euclidean": {"$exists": false}}""")]
    [InlineData("""{"evaluations__recall__value": {"$eq": 1}, "evaluations": {"$exists": true}}""")]
    [InlineData("""{"_metadata__model": {"$eq": "clip"}}""")]
    [InlineData("""{"chunks": {"$size": 2}, "matches": {"$exists": false}}""")]
    [InlineData("""{"chunks__0__text": {"$eq": "first"}, "chunks__-1__tags__n": {"$eq": 7}, "chunks__c0__text__contains": "fir"}""")]
    [InlineData("""{"chunks__2": {"$exists": false}, "chunks__2__text": {"$exists": false}, "matches__0__scores__cosine__value": {"$eq": null}}""")]
    [InlineData("""{"tags__deep__list": {"$size": 3}, "tags__deep__list__0": {"$eq": 1}, "tags__deep__list__contains": "x"}""")]
    [InlineData("""{"tags__deep__list__icontains": "X", "tags__deep__contains": "list", "tags__deep__missing__more": {"$eq": null}}""")]
    [InlineData("""{"tags__deep": {"$eq": {"list": [1.0, "x", null]}}, "tags": {"$size": 4, "$exists": true}}""")]
    [InlineData("""{"tags__on": {"$eq": true}, "tags__on__exact": 1, "tags__none": {"$exists": false}}""")]
    [InlineData("""{"tags___under": {"$eq": "score"}}""")]
    public void Every_field_and_part_can_be_asked(string query)
    {
        Assert.True(DocumentCondition.Parse(JsonNode.Parse(query)!).Matches(Full()));
    }

    [Theory]
    [InlineData("""{"weight": {"$exists": false}, "text": {"$exists": false}, "tags": {"$exists": false}}""")]
    [InlineData("""{"weight": {"$gte": 0}, "text": {"$eq": ""}, "modality": {"$eq": ""}, "content": {"$eq": null}, "content_type": {"$exists": false}}""")]
    [InlineData("""{"tags": {"$size": 0, "$eq": {}}, "chunks": {"$size": 0}, "blob": {"$size": 0}, "location": {"$size": 0}}""")]
    [InlineData("""{"tags__x": {"$eq": null, "$neq": 1, "$nin": [1, 2]}, "tags__x__in": [null]}""")]
    [InlineData("""{"id": {"$exists": true}, "embedding": {"$exists": false}}""")]
    public void A_field_that_is_not_set_has_its_default_and_does_not_exist(string query)
    {
        Assert.True(DocumentCondition.Parse(JsonNode.Parse(query)!).Matches(new Document()));
    }

    [Theory]
    [InlineData("""{"text": {"$gt": 3}}""")]
    [InlineData("""{"weight": {"$lt": "z"}}""")]
    [InlineData("""{"weight": {"$regex": "0"}}""")]
    [InlineData("""{"weight": {"$size": 1}}""")]
    [InlineData("""{"tags__missing": {"$lt": 3}}""")]
    [InlineData("""{"tags__missing__contains": "a"}""")]
    [InlineData("""{"tags__deep": {"$gt": 1}}""")]
    [InlineData("""{"text": {"$eq": 0}}""")]
    public void An_operator_that_does_not_fit_the_value_does_not_hold(string query)
    {
        Assert.False(DocumentCondition.Parse(JsonNode.Parse(query)!).Matches(Full()));
    }

    [Fact]
    public void A_field_in_braces_is_another_fields_value()
    {
        var condition = DocumentCondition.Parse(JsonNode.Parse("""{"text": {"$eq": "{tags__wanted}"}, "modality": {"$in": "{ tags__kinds }"}}""")!);

        Assert.True(condition.Matches(Of("cat", 1, "B", """{"wanted": "cat", "kinds": ["A", "B"]}""")));
        Assert.False(condition.Matches(Of("dog", 1, "B", """{"wanted": "cat", "kinds": ["A", "B"]}""")));
        Assert.False(condition.Matches(Of("cat", 1, "B", """{"wanted": "cat"}""")));
    }

    [Fact]
    public void Values_made_in_code_are_read_like_values_of_JSON()
    {
        var document = new Document { Tags = new JsonObject { ["n"] = 3, ["l"] = 4L, ["f"] = 0.5f, ["m"] = 2.5m, ["at"] = new DateTime(2024, 1, 2, 0, 0, 0, DateTimeKind.Utc) } };
        var query = new JsonObject
        {
            ["tags__n"] = new JsonObject { ["$eq"] = 3.0 },
            ["tags__l"] = new JsonObject { ["$gt"] = 3 },
            ["tags__f"] = new JsonObject { ["$eq"] = 0.5 },
            ["tags__m"] = new JsonObject { ["$lt"] = 3L },
            ["tags__at__startswith"] = "2024",
        };

        Assert.True(DocumentCondition.Parse(query).Matches(document));
    }

    [Fact]
    public void A_query_changed_after_reading_does_not_change_the_condition()
    {
        var query = JsonNode.Parse("""{"tags__x": {"$eq": [1]}}""")!.AsObject();
        var condition = DocumentCondition.Parse(query);
        query["tags__x"]!["$eq"]!.AsArray().Add(2);

        Assert.True(condition.Matches(Of("", 0, "", """{"x": [1]}""")));
        Assert.Equal("""{"tags__x":{"$eq":[1]}}""", condition.ToString());
    }

    [Fact]
    public void Evaluating_allocates_nothing_where_the_value_is_at_hand()
    {
        var condition = DocumentCondition.Parse(JsonNode.Parse("""{"$or": [{"tags__n": {"$gt": 5}}, {"text__icontains": "CAT"}, {"scores__cosine__value": {"$lt": 0}}]}""")!);
        var document = new Document { Text = "a dog", Tags = new JsonObject { ["n"] = 3 } };
        document.Scores["cosine"] = new NamedScore(1);
        Assert.False(condition.Matches(document));

        Assert.Contains(Enumerable.Range(0, 1000), _ => MeasureAllocation(() => condition.Matches(document)) == 0);
    }

    /// <summary>Methods that the JIT has not optimised yet may still allocate, so that one clean run of many proves it.</summary>
    private static long MeasureAllocation(Action action)
    {
        Thread.Sleep(20);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            action();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static Document Of(string text, float weight, string modality, string tags) =>
        new() { Text = text, Weight = weight, Modality = modality, Tags = JsonNode.Parse(tags)!.AsObject() };

    private static Document Full()
    {
        var document = new Document("q")
        {
            ParentId = "p",
            Granularity = 1,
            Adjacency = 2,
            Text = "a cat",
            Uri = "file.png",
            MimeType = "image/png",
            Weight = 0.5f,
            Offset = 1.5f,
            Location = [1, 2],
            Embedding = NdArray.Wrap(new float[3]),
            Tags = JsonNode.Parse("""{"deep": {"list": [1, "x", null]}, "on": true, "none": null, "_under": "score"}""")!.AsObject(),
            Metadata = new JsonObject { ["model"] = "clip" },
            Chunks = [new Document("c0") { Text = "first" }, new Document("c1") { Tags = new JsonObject { ["n"] = 7 } }],
        };
        document.Scores["cosine"] = new NamedScore(0.9f, "cosine");
        document.Evaluations["recall"] = new NamedScore(1);
        return document;
    }
}
