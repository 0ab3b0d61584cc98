namespace FlowKit.Routing;

public sealed class DocumentReducerTests
{
    private static DocumentArray Of(params string[] ids) => new(ids.Select(id => new Document(id)));

    [Fact]
    public void One_part_is_itself()
    {
        var part = Of("1");

        Assert.Same(part, DocumentReducer.Reduce([part]));
    }

    [Fact]
    public void Ids_are_united_in_the_order_of_their_coming()
    {
        Assert.Equal(["1", "2", "3", "4"], DocumentReducer.Reduce([Of("1", "2"), Of("3", "2"), Of("4", "1")]).Select(document => document.Id));
    }

    [Fact]
    public void A_later_part_fills_only_what_is_empty()
    {
        var left = new Document("1") { Text = "left", Weight = 1 };
        var right = new Document("1") { Blob = new byte[] { 1 }, Uri = "right", MimeType = "image/png", Modality = "m", Weight = 2, Offset = 3, Location = [4] };
        right.Scores["s"] = new NamedScore(1);
        right.Metadata["k"] = 1;

        DocumentReducer.Reduce([[left], [right]]);

        Assert.Equal(("left", null, "right", "image/png", "m", 1f, 3f), (left.Text, (object?)left.Blob, left.Uri, left.MimeType, left.Modality, left.Weight, left.Offset));
        Assert.Equal([4f], left.Location);
        Assert.Equal(1, left.Scores["s"].Value);
        Assert.True(left.HasMetadata);
    }

    [Fact]
    public void Content_is_one_field_and_taken_from_the_first_that_has_any()
    {
        var left = new Document("1");

        DocumentReducer.Reduce([[left], [new Document("1") { Blob = new byte[] { 7 } }], [new Document("1") { Text = "late" }]]);

        Assert.Equal(DocumentContent.Blob, left.ContentType);
    }

    [Fact]
    public void Scores_of_both_parts_stay_and_the_left_one_wins_a_name()
    {
        var (left, right) = (new Document("1"), new Document("1"));
        left.Scores["cosine"] = new NamedScore(1);
        right.Scores["cosine"] = new NamedScore(2);
        right.Scores["clip"] = new NamedScore(3);

        DocumentReducer.Reduce([[left], [right]]);

        Assert.Equal((1f, 3f), (left.Scores["cosine"].Value, left.Scores["clip"].Value));
    }

    [Fact]
    public void Matches_and_chunks_are_reduced_by_id_at_every_depth_and_not_sorted()
    {
        var (left, right) = (new Document("1"), new Document("1"));
        left.Matches = [new Document("a"), new Document("b") { Matches = Of("x") }];
        right.Matches = [new Document("b") { Text = "filled", Matches = Of("y", "x") }, new Document("c")];
        right.Chunks = Of("chunk");

        DocumentReducer.Reduce([[left], [right]]);

        Assert.Equal(["a", "b", "c"], left.Matches.Select(match => match.Id));
        Assert.Equal("filled", left.Matches[1].Text);
        Assert.Equal(["x", "y"], left.Matches[1].Matches.Select(match => match.Id));
        Assert.Equal("chunk", Assert.Single(left.Chunks).Id);
    }

    [Fact]
    public void Equal_ids_in_equal_lists_are_paired_by_their_place()
    {
        var left = Of("1", "1");

        DocumentReducer.Reduce([left, [new Document("1") { Text = "first" }, new Document("1") { Text = "second" }]]);

        Assert.Equal(["first", "second"], left.Select(document => document.Text));
    }

    [Fact]
    public void A_document_that_failed_in_any_part_has_failed()
    {
        var (left, right) = (Of("1"), Of("1"));
        right[0].Fail(FlowErrorCode.DataLoss, "bad");

        Assert.Equal("bad", DocumentReducer.Reduce([left, right])[0].Error!.Message);
    }
}
