namespace FlowKit.Orchestration.Launching.Containers;

public sealed class EngineTests
{
    [Theory]
    [InlineData("""{"Client":{"Os":"darwin","Arch":"arm64"},"Server":{"Os":"linux","Arch":"amd64"}}""", "linux/amd64")]
    [InlineData("""{"Client":{"Version":"4.3.1","OsArch":"linux/amd64","Os":"linux"}}""", "linux/amd64")]
    [InlineData("""{"Client":{"OsArch":"darwin/arm64"},"Server":{"OsArch":"linux/arm64"}}""", "linux/arm64")]
    [InlineData("""{"Client":{"Os":"linux"}}""", null)]
    [InlineData("not an engine", null)]
    public void The_platform_is_the_servers_or_where_there_is_none_the_commands(string version, string? platform) =>
        Assert.Equal(platform, Engine.PlatformIn(version));
}
