using System.Text.Json.Nodes;

namespace FlowKit.Documents;

public sealed class DocumentFieldsTests
{
    [Fact]
    public void A_clone_has_every_list_and_map_of_its_own()
    {
        var document = new Document("d") { Metadata = new JsonObject { ["embedding_model"] = "clip" } };
        document.Evaluations["recall"] = new NamedScore(0.5f);
        document.Matches.Add(new Document("m"));

        var clone = document.Clone();
        clone.Metadata["embedding_model"] = "another";
        clone.Evaluations["recall"] = new NamedScore(1);
        clone.Matches.Add(new Document("n"));

        Assert.Equal("clip", EmbeddingModel.Of(document));
        Assert.Equal(0.5f, document.Evaluations["recall"].Value);
        Assert.Equal("m", Assert.Single(document.Matches).Id);
        Assert.True(clone.HasEvaluations && clone.HasMetadata && clone.HasMatches);
    }

    [Fact]
    public void Content_is_cleared_by_null_of_its_own_kind_or_by_name()
    {
        var document = new Document("d") { Text = "words" };

        document.Blob = null;
        document.Tensor = null;
        Assert.Equal(("words", "Document d (Text)"), (document.Text, document.ToString()));

        document.Text = null;
        Assert.Equal(DocumentContent.None, document.ContentType);

        document.Blob = new byte[] { 1 };
        document.ClearContent();
        Assert.Equal("Document d (None)", document.ToString());
    }

    [Fact]
    public void A_document_without_a_model_names_none()
    {
        Assert.Null(EmbeddingModel.Of(new Document()));
        Assert.Null(EmbeddingModel.Of(new Document { Metadata = new JsonObject { ["embedding_model"] = null } }));
        Assert.Null(EmbeddingModel.Of(new Document { Metadata = new JsonObject { ["page"] = 1 } }));
    }

    [Fact]
    public void The_id_of_a_name_is_always_the_same()
    {
        Assert.Equal(NewId.Of("photos/1.jpg"), NewId.Of("photos/1.jpg"));
        Assert.NotEqual(NewId.Of("photos/1.jpg"), NewId.Of("photos/2.jpg"));
        Assert.Matches("^[0-9a-f]{32}$", NewId.Of(""));
    }

    [Fact]
    public void Room_for_documents_is_no_document()
    {
        var documents = new DocumentArray(16);

        Assert.Empty(documents);
        documents.Add(new Document("a"));
        Assert.Equal("a", documents["r"][0].Id);
    }
}
