using System.Collections;

namespace FlowKit;

/// <summary>A list of documents knows whether anybody has asked for one, by whatever way.</summary>
public sealed class DocumentArrayReadTests
{
    private static readonly Dictionary<string, Action<DocumentArray>> s_ways = new()
    {
        ["an index"] = documents => _ = documents[0],
        ["an access path"] = documents => _ = documents["@r[:1]"],
        ["an id"] = documents => _ = documents.Find("0"),
        ["foreach"] = documents =>
        {
            foreach (var document in documents)
            {
                _ = document;
            }
        },
        ["a query"] = documents => _ = documents.Where(document => document.Text is null).Count(),
        ["the first"] = documents => _ = documents.First(),
        ["a list of them"] = documents => _ = documents.ToList(),
        ["an array of them"] = documents => _ = documents.ToArray(),
        ["another list"] = documents => _ = new DocumentArray(documents),
        ["a spread"] = documents =>
        {
            DocumentArray other = [.. documents];
            _ = other;
        },
        ["a span"] = documents => _ = documents.AsSpan()[0],
        ["a copy"] = documents => documents.CopyTo(new Document[documents.Count], 0),
        ["IList of documents"] = documents => _ = ((IList<Document>)documents)[0],
        ["IReadOnlyList"] = documents => _ = ((IReadOnlyList<Document>)documents)[0],
        ["ICollection of documents"] = documents => ((ICollection<Document>)documents).CopyTo(new Document[documents.Count], 0),
        ["IList"] = documents => _ = ((IList)documents)[0],
        ["ICollection"] = documents => ((ICollection)documents).CopyTo(new Document[documents.Count], 0),
        ["IEnumerable"] = documents => _ = ((IEnumerable)documents).GetEnumerator().MoveNext(),
        ["sorting"] = documents => documents.Sort((left, right) => string.CompareOrdinal(left.Id, right.Id)),
    };

    public static TheoryData<string> Ways => [.. s_ways.Keys];

    private static DocumentArray Two() => [new Document("0"), new Document("1")];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Whoever_gets_a_document_is_seen(string way)
    {
        var documents = Two();
        documents.WasRead = false;
        var version = documents.Version;

        s_ways[way](documents);

        Assert.True(documents.WasRead || documents.Version != version);
        Assert.Equal(["0", "1"], documents.Select(document => document.Id));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void So_is_who_has_them_decoded(string way)
    {
        DocumentArray documents = new(new TwoDeferred());

        s_ways[way](documents);

        Assert.True(documents.WasRead);
        Assert.Null(documents.Deferred);
    }

    [Fact]
    public void Whoever_counts_or_changes_the_list_is_not()
    {
        var documents = Two();
        documents.WasRead = false;

        _ = documents.Count;
        documents.Add(new Document("2"));
        documents.RemoveAt(2);
        documents[0] = new Document("0");
        _ = documents.Contains(new Document());

        Assert.False(documents.WasRead);
    }

    [Fact]
    public void The_untyped_list_keeps_its_documents()
    {
        IList documents = Two();

        documents[1] = new Document("3");

        Assert.Equal("3", ((Document)documents[1]!).Id);
    }

    private sealed class TwoDeferred : DeferredDocuments
    {
        public override string Format => "test";

        public override int Count => 2;

        public override long Bytes => 0;

        public override bool MayHaveFailed => false;

        public override List<Document> Decode() => [new Document("0"), new Document("1")];
    }
}
