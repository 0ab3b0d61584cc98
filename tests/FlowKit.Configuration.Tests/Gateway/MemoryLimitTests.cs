using FlowKit.Configuration.Diagnostics;

namespace FlowKit.Configuration.Gateway;

public sealed class MemoryLimitTests
{
    private static MemoryLimit Read(string memory) => FlowConfigReader.ReadText(
        $"jtype: Flow\ngateway: {{port: 0{memory}}}\nexecutors: [{{name: a, uses: X}}]\n", "flow.yml", new FlowReadOptions()).Gateway.Memory;

    [Theory]
    [InlineData("", 500)]
    [InlineData(", memory: 40%", 400)]
    [InlineData(", memory: '100%'", 1000)]
    [InlineData(", memory: 2kB", 2000)]
    [InlineData(", memory: 77", 77)]
    public void A_size_or_a_share_is_read_and_half_is_the_default(string memory, long expected) =>
        Assert.Equal(expected, Read(memory).BytesOf(1000));

    [Theory]
    [InlineData("0%")]
    [InlineData("101%")]
    [InlineData("-5%")]
    [InlineData("1.5%")]
    [InlineData("much")]
    [InlineData("0")]
    public void Anything_else_is_a_mistake_with_its_place(string memory)
    {
        var message = Assert.Throws<FlowConfigException>(() => Read($", memory: '{memory}'")).Message;

        Assert.Contains("flow.yml:2:28: gateway.memory: expected a size such as 2GiB, at most 1TiB, or a share such as 50%", message, StringComparison.Ordinal);
    }
}
