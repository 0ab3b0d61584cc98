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
        Assert.Equal(text, StatusText.Decode(encoded));
    }

    [Fact]
    public void A_long_message_is_cut_where_a_character_ends() => Assert.Equal(4092, StatusText.Encode(new string('ä', 10_000)).Length);

    [Fact]
    public void What_is_not_percent_encoded_well_stays() => Assert.Equal("50 %, %zz", StatusText.Decode("50 %, %zz"));

    [Fact]
    public void Metadata_keeps_its_order_and_its_bytes()
    {
        var metadata = new GrpcMetadata().Add("A", " 1 ").Add("b-bin", [1, 2, 250]).Add("a", "2");

        Assert.Equal(["a", "b-bin", "a"], metadata.Entries.Select(entry => entry.Key));
        Assert.Equal(["1", "2"], metadata.FindAll("A"));
        Assert.Equal("2", metadata.Find("a"));
        Assert.Equal([1, 2, 250], metadata.FindBytes("b-bin"));
    }

    [Theory]
    [InlineData("grpc-x", "1")]
    [InlineData("te", "1")]
    [InlineData("content-type", "1")]
    [InlineData("a b", "1")]
    [InlineData(":path", "1")]
    [InlineData("a", "naïve")]
    [InlineData("a", "1\r\nb: 2")]
    public void Metadata_that_cannot_be_a_header_is_refused(string name, string value) => Assert.Throws<ArgumentException>(() => new GrpcMetadata().Add(name, value));

    [Fact]
    public void Bytes_need_a_name_that_says_so() => Assert.Throws<ArgumentException>(() => new GrpcMetadata().Add("a", [1]));

    [Theory]
    [InlineData("AQI")]
    [InlineData("AQI=")]
    public void Bytes_come_with_padding_and_without(string text)
    {
        var metadata = new GrpcMetadata();
        metadata.Receive("a-bin", text);
        metadata.Receive("grpc-status", "0");

        Assert.Equal([1, 2], metadata.FindBytes("a-bin"));
        Assert.Single(metadata.Entries);
    }

    [Fact]
    public void Several_bytes_may_be_joined_by_commas()
    {
        var metadata = new GrpcMetadata();
        metadata.Receive("a-bin", "AQ, Ag");

        Assert.Equal(["AQ", "Ag"], metadata.FindAll("a-bin"));
    }

    [Theory]
    [InlineData("application/grpc", true)]
    [InlineData("application/grpc+proto; charset=x", true)]
    [InlineData("Application/GRPC", true)]
    [InlineData("application/grpc-web", false)]
    [InlineData("application/grpc+json", false)]
    [InlineData("", false)]
    public void Only_protobuf_over_gRPC_is_its_content_type(string type, bool isOne) => Assert.Equal(isOne, GrpcHeaders.IsContentType(type));

    [Theory]
    [InlineData(400, GrpcStatusCode.Internal)]
    [InlineData(401, GrpcStatusCode.Unauthenticated)]
    [InlineData(404, GrpcStatusCode.Unimplemented)]
    [InlineData(503, GrpcStatusCode.Unavailable)]
    [InlineData(200, GrpcStatusCode.Unknown)]
    public void A_status_of_HTTP_is_mapped(int status, GrpcStatusCode code) => Assert.Equal(code, GrpcStatusMap.OfHttp(status));

    [Theory]
    [InlineData(0x2, GrpcStatusCode.Internal)]
    [InlineData(0x7, GrpcStatusCode.Unavailable)]
    [InlineData(0x8, GrpcStatusCode.Cancelled)]
    [InlineData(0xb, GrpcStatusCode.ResourceExhausted)]
    [InlineData(0xc, GrpcStatusCode.PermissionDenied)]
    public void A_reset_is_mapped(long error, GrpcStatusCode code) => Assert.Equal(code, GrpcStatusMap.OfReset(error));
}
