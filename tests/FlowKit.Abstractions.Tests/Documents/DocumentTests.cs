namespace FlowKit.Documents;

public sealed class DocumentTests
{
    [Fact]
    public void A_new_document_has_an_id_of_32_hex_digits()
    {
        var document = new Document();

        Assert.Matches("^[0-9a-f]{32}$", document.Id);
        Assert.NotEqual(document.Id, new Document().Id);
    }

    [Fact]
    public void Contents_exclude_each_other()
    {
        var document = new Document { Text = "words" };
        document.Blob = new byte[] { 1 };

        Assert.Null(document.Text);
        Assert.Equal(DocumentContent.Blob, document.ContentType);

        document.Tensor = NdArray.Wrap(new byte[] { 1 });
        document.Text = null;

        Assert.Null(document.Blob);
        Assert.Equal(DocumentContent.Tensor, document.ContentType);
    }

    [Fact]
    public void A_clone_shares_arrays_and_nothing_that_changes()
    {
        var document = new Document { Embedding = NdArray.Wrap(new float[] { 1 }) };
        document.Tags["a"] = 1;
        document.Scores["s"] = new NamedScore(1);
        document.Chunks.Add(new Document("chunk"));

        var clone = document.Clone();
        clone.Tags["a"] = 2;
        clone.Scores.Clear();
        clone.Chunks[0].Text = "changed";

        Assert.Same(document.Embedding, clone.Embedding);
        Assert.Equal(1, (int?)document.Tags["a"]);
        Assert.Single(document.Scores);
        Assert.Null(document.Chunks[0].Text);
    }

    [Fact]
    public void Asking_whether_something_is_there_makes_nothing()
    {
        var document = new Document();

        Assert.False(document.HasChunks || document.HasMatches || document.HasTags || document.HasScores || document.HasEvaluations || document.HasMetadata);
    }

    [Fact]
    public void Sorting_keeps_the_order_of_equals()
    {
        DocumentArray documents = [new("b1") { Weight = 1 }, new("a") { Weight = 0 }, new("b2") { Weight = 1 }];

        documents.Sort((left, right) => left.Weight!.Value.CompareTo(right.Weight!.Value));

        Assert.Equal(["a", "b1", "b2"], documents.Select(document => document.Id));
    }

    [Fact]
    public void A_failed_document_names_itself()
    {
        var document = new Document("d7");
        document.Fail(FlowErrorCode.InvalidArgument, "blob: empty");

        Assert.Equal("d7", document.Error!.DocumentId);
    }
}
