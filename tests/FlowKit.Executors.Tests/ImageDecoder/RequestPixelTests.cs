using FlowKit.Imaging;

namespace FlowKit.Executors.Tests.Decoding;

/// <summary>The pictures of a request have limits together: their pixels, and the memory that they take.</summary>
public sealed class RequestPixelTests
{
    /// <summary>A picture of one colour, 300 × 300: 90,000 pixels, 270,000 bytes.</summary>
    private static readonly byte[] s_picture = ImageEncoder.EncodePng(RgbImage.Filled(300, 300, 9, 9, 9));

    private static Document[] Pictures(int count) => [.. Enumerable.Range(0, count).Select(i => new Document($"{i}") { Blob = s_picture })];

    [Theory]
    [InlineData("ImageDecoder")]
    [InlineData("ClipImageEncoder")]
    [InlineData("ClipEncoder")]
    public async Task Pictures_beyond_the_requests_pixels_fail_each_with_the_reason(string executor)
    {
        await using var flow = await TestFlow.StartAsync($"- {{ name: a, uses: {executor}, uses_with: {{ max_request_pixels: 250000 }} }}");

        for (var i = 0; i < 2; i++)
        {
            var reply = await flow.SendAsync("/", Pictures(4));

            var refused = reply.Where(document => document.Error is not null).ToList();
            Assert.Equal(2, refused.Count);
            Assert.All(refused, document => Assert.Equal(FlowErrorCode.PayloadTooLarge, document.Error!.Code));
            Assert.All(refused, document => Assert.Contains("max_request_pixels", document.Error!.Message, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Chunks_count_too()
    {
        await using var flow = await TestFlow.StartAsync("- { name: a, uses: ImageDecoder, uses_with: { max_request_pixels: 200000, access_paths: '@r,c' } }");
        var album = new Document { Blob = s_picture };
        album.Chunks.Add(new Document { Blob = s_picture });
        album.Chunks.Add(new Document { Blob = s_picture });

        var reply = await flow.SendAsync("/", [album]);

        Assert.Single(reply[0].Chunks.Append(reply[0]), document => document.Error is not null);
    }

    [Fact]
    public async Task Decoded_pictures_count_in_the_flows_memory_and_go_back()
    {
        await using var flow = await TestFlow.StartAsync("- { name: a, uses: ImageDecoder }\ngateway: { memory: 600kB }");

        for (var i = 0; i < 2; i++)
        {
            var reply = await flow.SendAsync("/", Pictures(4));

            var refused = reply.Where(document => document.Error is not null).ToList();
            Assert.Equal(2, refused.Count);
            Assert.All(refused, document => Assert.Contains("gateway.memory", document.Error!.Message, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_batch_has_the_limits_of_its_requests_together()
    {
        await using var flow = await TestFlow.StartAsync(
            "- { name: a, uses: ImageDecoder, uses_with: { max_request_pixels: 100000 }, uses_dynamic_batching: { /: { preferred_batch_size: 3, timeout: 2000 } } }\ngateway: { memory: 900kB }");

        for (var i = 0; i < 2; i++)
        {
            var replies = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => flow.SendAsync("/", Pictures(1))));

            Assert.All(replies, reply => Assert.Null(reply[0].Error));
        }
    }

    [Fact]
    public async Task An_encoder_takes_little_for_a_large_picture()
    {
        await using var flow = await TestFlow.StartAsync("- { name: a, uses: ClipImageEncoder }\ngateway: { memory: 3MB }");

        var reply = await flow.SendAsync("/", [new Document { Blob = ImageEncoder.EncodePng(RgbImage.Filled(3000, 3000, 9, 9, 9)) }]);

        Assert.Null(reply[0].Error);
        Assert.Equal(512, reply[0].Embedding!.Length);
    }
}
