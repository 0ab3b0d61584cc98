using FlowKit.Serving.Gateway;
using FlowKit.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace FlowKit.Serving.Remote;

/// <summary>An executor elsewhere is asked which endpoints it answers, and is not sent any other.</summary>
public sealed class DiscoveryTests
{
    private static Task<TestGateway> StartAsync(RelayHost far, TimeProvider? time = null) => TestGateway.StartAsync(
        $"jtype: Flow\nexecutors:\n  - {{name: far, external: true, port: {far.Port}}}\n  - {{name: a, uses: Scripted}}\ngateway: {{port: 0}}\n",
        new TestFlowOptions { Executors = [typeof(RemoteExecutor)], TimeProvider = time ?? TimeProvider.System });

    [Fact]
    public async Task What_it_does_not_answer_passes_by_without_being_sent()
    {
        await using var far = await RelayHost.StartAsync(null, "/search", "_jina_dry_run_");
        await using var gateway = await StartAsync(far);
        await TestTimeout.UntilAsync(() => gateway.Flow.Runtime.Endpoints.ContainsKey("/search"), "its endpoints");

        Assert.Null((await gateway.Flow.PostAsync("/index", new Document("1"))).Error);
        Assert.Empty(far.Came);
        Assert.Null((await gateway.Flow.PostAsync("/search", new Document("1"))).Error);

        Assert.Single(far.Came);
        Assert.Equal(["far"], gateway.Flow.Runtime.Endpoints["/search"]);
    }

    [Fact]
    public async Task One_that_answers_everything_is_sent_everything()
    {
        await using var far = await RelayHost.StartAsync(null, "/search", "/default");
        await using var gateway = await StartAsync(far);
        await TestTimeout.UntilAsync(() => gateway.Flow.Runtime.Endpoints.ContainsKey("/search"), "its endpoints");

        await gateway.Flow.PostAsync("/anything", new Document("1"));

        Assert.Single(far.Came);
    }

    [Fact]
    public async Task It_is_asked_again_as_time_goes_by()
    {
        var time = new FakeTimeProvider();
        await using var far = await RelayHost.StartAsync(null, "/search");
        await using var gateway = await StartAsync(far, time);
        await TestTimeout.UntilAsync(() => gateway.Flow.Runtime.Endpoints.ContainsKey("/search"), "its endpoints");
        far.Endpoints = ["/rank"];

        Assert.False(gateway.Flow.Runtime.Endpoints.ContainsKey("/rank"));
        time.Advance(TimeSpan.FromSeconds(11));

        await TestTimeout.UntilAsync(() => gateway.Flow.Runtime.Endpoints.ContainsKey("/rank"), "its new endpoints");
        Assert.Equal(2, far.Asked);
    }

    [Fact]
    public async Task One_that_does_not_tell_is_sent_everything()
    {
        await using var far = await RelayHost.StartAsync();
        far.Endpoints = [];
        await using var gateway = await StartAsync(far);
        await TestTimeout.UntilAsync(() => far.Asked > 0, "the question");

        Assert.Null((await gateway.Flow.PostAsync("/search", new Document("1"))).Error);

        Assert.Single(far.Came);
    }
}
