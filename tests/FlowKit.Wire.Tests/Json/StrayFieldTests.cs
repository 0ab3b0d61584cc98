using System.Text;

namespace FlowKit.Wire.Json;

public sealed class StrayFieldTests
{
    [Theory]
    [InlineData("""{"docs": [{"text": "x"}]}""", "docs")]
    [InlineData("""{"text": "x"}""", "text")]
    [InlineData("""{"data": {"text": "x"}}""", "data.text")]
    [InlineData("""{"data": null, "inputs": ["x"]}""", "inputs")]
    [InlineData("""{"parameters": {"limit": 1}, "execEndpoint": "/search", "input": "x"}""", "input")]
    public void Documents_that_stand_elsewhere_are_refused_by_name(string body, string field)
    {
        var error = Assert.Throws<WireFormatException>(() => DataRequestJsonReader.ReadRequest(Encoding.UTF8.GetBytes(body)));

        Assert.StartsWith($"{field}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("'data'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""", 0)]
    [InlineData("""{"data": {}}""", 0)]
    [InlineData("""{"data": {"docs": [{"text": "x"}], "groundtruths": []}}""", 1)]
    [InlineData("""{"docs": [], "data": [{"text": "x"}], "jobId": 7}""", 1)]
    [InlineData("""{"parameters": {}, "execEndpoint": "/search", "header": null, "routes": "?", "request_id": "a"}""", 0)]
    public void Other_bodies_pass_as_in_Jina(string body, int documents) =>
        Assert.Equal(documents, DataRequestJsonReader.ReadRequest(Encoding.UTF8.GetBytes(body)).Documents.Count);

    [Fact]
    public void A_reply_may_have_any_field() =>
        Assert.Empty(DataRequestJsonReader.Read("""{"detail": "no"}"""u8).Documents);
}
