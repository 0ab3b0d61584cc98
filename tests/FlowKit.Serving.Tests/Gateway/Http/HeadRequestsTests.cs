using System.Net;

namespace FlowKit.Serving.Gateway.Http;

public sealed class HeadRequestsTests
{
    [Theory]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/ready", HttpStatusCode.OK)]
    [InlineData("/dry_run", HttpStatusCode.OK)]
    [InlineData("/status", HttpStatusCode.OK)]
    [InlineData("/openapi.json", HttpStatusCode.OK)]
    [InlineData("/docs", HttpStatusCode.OK)]
    [InlineData("/post", HttpStatusCode.MethodNotAllowed)]
    [InlineData("/nothing", HttpStatusCode.NotFound)]
    public async Task Head_is_answered_like_Get_without_a_body(string path, HttpStatusCode status)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var response = await gateway.Http.SendAsync(request);
        using var again = await gateway.Http.GetAsync("/ready");

        Assert.Equal(status, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }
}
