namespace FlowKit.Documents;

/// <summary>A list that is still to be decoded changes as one that has been.</summary>
public sealed class DeferredListTests
{
    private static readonly Dictionary<string, (Action<DocumentArray> Change, string Expected)> s_changes = new()
    {
        ["adding"] = (documents => documents.Add(new Document("c")), "a b c"),
        ["adding many"] = (documents => documents.AddRange([new Document("c"), new Document("d")]), "a b c d"),
        ["inserting"] = (documents => documents.Insert(1, new Document("c")), "a c b"),
        ["replacing"] = (documents => documents[0] = new Document("c"), "c b"),
        ["removing at a place"] = (documents => documents.RemoveAt(0), "b"),
        ["removing one"] = (documents => Assert.True(documents.Remove(documents.Find("b")!)), "a"),
        ["truncating"] = (documents => documents.Truncate(1), "a"),
        ["truncating beyond the end"] = (documents => documents.Truncate(2), "a b"),
        ["clearing"] = (documents => documents.Clear(), ""),
        ["clearing and adding"] = (
            documents =>
            {
                documents.Clear();
                documents.Add(new Document("c"));
            },
            "c"),
    };

    public static TheoryData<string> Changes => [.. s_changes.Keys];

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_is_made_to_the_decoded_documents(string change)
    {
        DocumentArray documents = new(new AB());

        s_changes[change].Change(documents);

        Assert.Equal(s_changes[change].Expected, string.Join(' ', documents.Select(document => document.Id)));
        Assert.Equal(documents.Count, documents.AsSpan().Length);
    }

    [Fact]
    public void Clearing_decodes_nothing()
    {
        var deferred = new AB();
        DocumentArray documents = new(deferred);

        documents.Clear();

        Assert.Empty(documents);
        Assert.Null(documents.Deferred);
        Assert.Equal(0, deferred.Decodings);
    }

    [Fact]
    public void Counting_decodes_nothing_and_searching_decodes_once()
    {
        var deferred = new AB();
        DocumentArray documents = new(deferred);

        Assert.Equal(2, documents.Count);
        Assert.Equal(0, deferred.Decodings);

        var second = documents.Find("b")!;
        var copy = new Document[3];
        documents.CopyTo(copy, 1);

        Assert.Equal((true, 1), (documents.Contains(second), documents.IndexOf(second)));
        Assert.Equal([documents[0], second], copy[1..]);
        Assert.Null(documents.Find("c"));
        Assert.Equal(1, deferred.Decodings);
    }

    [Fact]
    public void What_may_stay_in_its_format_is_left_alone()
    {
        var deferred = new AB();
        DocumentArray documents = new(deferred);

        documents.Decode(except: "letters");
        Assert.Same(deferred, documents.Deferred);

        documents.Decode(except: "another");
        Assert.Null(documents.Deferred);
        Assert.Equal(1, deferred.Decodings);
    }

    [Fact]
    public void A_clone_is_decoded_by_itself()
    {
        DocumentArray documents = new(new AB());

        var clone = documents.Clone();
        clone[0].Text = "changed";

        Assert.Null(documents[0].Text);
        Assert.Equal("changed", clone.Clone()[0].Text);
    }

    private sealed class AB : DeferredDocuments
    {
        public int Decodings { get; private set; }

        public override string Format => "letters";

        public override int Count => 2;

        public override long Bytes => 2;

        public override bool MayHaveFailed => false;

        public override List<Document> Decode()
        {
            Decodings++;
            return [new Document("a"), new Document("b")];
        }
    }
}
