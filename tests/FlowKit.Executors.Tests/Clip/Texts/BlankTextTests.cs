namespace FlowKit.Executors.Tests.Encoding;

/// <summary>A text that cleaning makes empty is no text: it is neither embedded nor indexed, and a picture beside it is.</summary>
public sealed class BlankTextTests
{
    private static readonly string[] s_blank =
        ["", " ", "   \t\r\n", "\u00A0", "\u2003", "\u3000", "\u2028", "&nbsp;", " &nbsp; &#160;\n", "&emsp;", "&#32;", "&amp;nbsp;"];

    [Theory]
    [InlineData("ClipEncoder")]
    [InlineData("ClipTextEncoder")]
    public async Task All_blank_texts_are_as_the_empty_one_on_every_endpoint(string encoder)
    {
        await using var flow = await TestFlow.StartAsync($"- {{ name: encoder, uses: {encoder} }}\n- {{ name: indexer, uses: VectorIndexer }}");
        foreach (var endpoint in (string[])["/index", "/search", "/encode"])
        {
            var documents = await flow.SendAsync(endpoint, [.. s_blank.Select((text, i) => new Document($"b{i}") { Text = text })]);

            Assert.All(documents, document => Assert.Null(document.Embedding));
            Assert.Single(documents.Select(document => (document.Error?.Code, document.Error?.Message.Replace(document.Id, "", StringComparison.Ordinal))).Distinct());
        }

        Assert.Equal(0, (int)(await flow.ReplyAsync("/status", [])).Results!["indexer/rep-0"]!["num_docs"]!);
    }

    [Fact]
    public async Task A_picture_beside_a_blank_text_is_embedded_as_one_and_signs_are_texts()
    {
        await using var flow = await TestFlow.StartAsync("- { name: encoder, uses: ClipEncoder, uses_with: { roots: [pictures] } }", AppContext.BaseDirectory);

        var documents = await flow.SendAsync("/encode", [
            new Document { Text = "&nbsp;", Uri = "pictures/dog.jpg" },
            new Document { Uri = "pictures/dog.jpg" },
            new Document { Text = "🍎" },
            new Document { Text = "!?" },
            new Document { Text = "&" },
            new Document { Text = "&copy;" }]);

        Assert.Equal(documents[1].Embedding!.ToFloats(), documents[0].Embedding!.ToFloats());
        Assert.All(documents, document => Assert.NotNull(document.Embedding));
    }
}
