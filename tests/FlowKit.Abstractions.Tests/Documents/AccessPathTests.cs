namespace FlowKit.Documents;

public sealed class AccessPathTests
{
    private static readonly DocumentArray s_roots = [Root("a", chunks: 3, matches: 2), Root("b", chunks: 0, matches: 1)];

    [Theory]
    [InlineData("@r", "a b")]
    [InlineData("r", "a b")]
    [InlineData("@c", "a.c0 a.c1 a.c2")]
    [InlineData("@m", "a.m0 a.m1 b.m0")]
    [InlineData("@cc", "")]
    [InlineData("@cm", "a.c0.m")]
    [InlineData("@r,c", "a b a.c0 a.c1 a.c2")]
    [InlineData("r,c,m", "a b a.c0 a.c1 a.c2 a.m0 a.m1 b.m0")]
    [InlineData("@c[:2]", "a.c0 a.c1")]
    [InlineData("@c[-1]", "a.c2")]
    [InlineData("@c[1:9]", "a.c1 a.c2")]
    [InlineData("@c[7]", "")]
    [InlineData("@c[2147483646]", "")]
    [InlineData("@c[-2147483647]", "")]
    [InlineData("@r[0]c[0]m", "a.c0.m")]
    [InlineData("@r[:1]m, r", "a.m0 a.m1 a b")]
    [InlineData("@r,r", "a b")]
    public void A_path_selects(string path, string expected) => Assert.Equal(expected, string.Join(' ', s_roots[path].Select(document => document.Id)));

    [Fact]
    public void The_plain_root_path_gives_the_very_list() => Assert.Same(s_roots, s_roots["@r"]);

    [Theory]
    [InlineData("@x", "'x' is none of r, c, m")]
    [InlineData("", "a part is empty")]
    [InlineData("@r,", "a part is empty")]
    [InlineData("@c[1", "a '[' is not closed")]
    [InlineData("@c[one]", "'one' is not a whole number")]
    [InlineData("@c[]", "a slice is empty")]
    [InlineData("@c[-2147483648]", "is not a whole number")]
    [InlineData("@c[2147483647]", "is not a whole number")]
    [InlineData("@c[1:99999999999]", "is not a whole number")]
    public void A_path_that_cannot_be_read_says_why(string path, string why)
    {
        var error = Assert.Throws<FlowKitException>(() => s_roots[path]);

        Assert.Equal(FlowErrorCode.InvalidArgument, error.Error.Code);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    private static Document Root(string id, int chunks, int matches)
    {
        var root = new Document(id);
        root.Chunks.AddRange(Enumerable.Range(0, chunks).Select(index => new Document($"{id}.c{index}")));
        root.Matches.AddRange(Enumerable.Range(0, matches).Select(index => new Document($"{id}.m{index}")));
        if (chunks > 0)
        {
            root.Chunks[0].Matches.Add(new Document($"{id}.c0.m"));
        }

        return root;
    }
}
