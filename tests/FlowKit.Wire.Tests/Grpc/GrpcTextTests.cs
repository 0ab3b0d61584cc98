using Grpc.Core;

namespace FlowKit.Wire.Grpc;

public sealed class GrpcTextTests
{
    [Theory]
    [InlineData("all is well", "all is well")]
    [InlineData("100 %", "100 %25")]
    [InlineData("naïve\n", "na%C3%AFve%0A")]
    [InlineData("😀", "%F0%9F%98%80")]
    public void A_message_is_percent_encoded_and_comes_back(string text, string encoded)
    {
        Assert.Equal(encoded, StatusText.Encode(text));
        Assert.Equal(text, Uri.UnescapeDataString(encoded));
    }

    [Fact]
    public void A_long_message_is_cut_where_a_character_ends() => Assert.Equal(4092, StatusText.Encode(new string('ä', 10_000)).Length);

    [Fact]
    public void A_failure_has_no_longer_text_than_peers_accept()
    {
        Assert.Equal(new string('x', 4096), RpcErrors.Create(StatusCode.Internal, new string('x', 10_000)).Status.Detail);
        Assert.Equal(2 * 341, RpcErrors.Create(StatusCode.Internal, string.Concat(Enumerable.Repeat("😀", 1000))).Status.Detail.Length);
    }

    [Fact]
    public void Metadata_keeps_its_order_and_its_bytes()
    {
        var metadata = Of(("A", " 1 "), ("b-bin", "AQL6"), ("a", "2"));

        Assert.Equal(["a", "b-bin", "a"], metadata.Select(entry => entry.Key));
        Assert.Equal(["1", "2"], metadata.GetAll("a").Select(entry => entry.Value));
        Assert.Equal("2", metadata.GetValue("a"));
        Assert.Equal([1, 2, 250], metadata.GetValueBytes("b-bin")!);
    }

    [Theory]
    [InlineData("grpc-x", "1")]
    [InlineData("te", "1")]
    [InlineData("content-type", "1")]
    [InlineData("a b", "1")]
    [InlineData(":path", "1")]
    [InlineData("a", "naïve")]
    [InlineData("a", "1\r\nb: 2")]
    [InlineData("a-bin", "no base64!")]
    public void Metadata_that_cannot_be_a_header_is_refused(string name, string value) => Assert.Throws<ArgumentException>(() => Of((name, value)));

    [Theory]
    [InlineData("AQI")]
    [InlineData("AQI=")]
    public void Bytes_come_with_padding_and_without(string text) => Assert.Equal([1, 2], Of(("a-bin", text)).GetValueBytes("a-bin")!);

    private static Metadata Of(params (string Name, string Value)[] entries) => CallMetadata.Of(entries.Select(entry => new KeyValuePair<string, string>(entry.Name, entry.Value)));

    [Theory]
    [InlineData("application/grpc", true)]
    [InlineData("application/grpc+proto; charset=x", true)]
    [InlineData("Application/GRPC", true)]
    [InlineData("application/grpc-web", false)]
    [InlineData("application/grpc+json", false)]
    [InlineData("", false)]
    public void Only_protobuf_over_gRPC_is_its_content_type(string type, bool isOne) => Assert.Equal(isOne, GrpcHeaders.IsContentType(type));
}
