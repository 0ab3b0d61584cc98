using System.Text;

namespace FlowKit.Wire.Json;

public sealed class JsonPartLimitTests
{
    private const int Many = 1_000_000;

    [Theory]
    [InlineData("", "{}", "")]
    [InlineData("", "{ }", "")]
    [InlineData("", "{\"a\":{}}", "")]
    [InlineData("{\"chunks\":[", "{}", "]}")]
    [InlineData("{\"matches\":[{\"chunks\":[", "{}", "]}]}")]
    [InlineData("{\"tags\":{\"a\":[", "{}", "]}}")]
    [InlineData("{\"tags\":{\"a\":[", "[]", "]}}")]
    [InlineData("{\"tags\":{\"a\":[", "[ ]", "]}}")]
    public void A_million_empty_ones_are_refused_before_anything_is_made_of_them(string before, string empty, string after)
    {
        var body = Encoding.UTF8.GetBytes($"{{\"data\":[{before}{string.Join(',', Enumerable.Repeat(empty, Many))}{after}]}}");
        var allocated = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.Throws<WireFormatException>(() => DataRequestJsonReader.Read(body));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 1 << 20);
        Assert.Contains($"{body.Length} bytes hold too many documents, objects or lists that are empty", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_real_ones_and_few_empty_ones_and_signs_in_texts_pass()
    {
        Assert.Equal(100_000, Count(string.Join(',', Enumerable.Range(0, 100_000).Select(i => $"{{\"text\":\"{i}\"}}"))));
        Assert.Equal(50_000, Count(string.Join(',', Enumerable.Repeat("{}", 50_000))));
        Assert.Equal(1, Count($"{{\"text\":\"{new string('{', 3_000_000)}\"}}"));
        Assert.Equal(1, Count($"{{\"tensor\":[{string.Join(',', Enumerable.Repeat("[1]", 300_000))}]}}"));
    }

    private static int Count(string documents) => DataRequestJsonReader.Read(Encoding.UTF8.GetBytes($"{{\"data\":[{documents}]}}")).Documents.Count;
}
