using FlowKit.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FlowKit.Hosting;

/// <summary>The health checks of a host's flows.</summary>
public sealed class FlowHealthTests
{
    [Fact]
    public async Task A_flow_is_healthy_when_every_replica_serves_and_names_its_executors()
    {
        using var folder = new TempFolder();
        using var host = Host(folder, checks => checks.AddFlow());

        var before = await CheckAsync(host);
        await host.StartAsync();
        var after = await CheckAsync(host);
        await host.StopAsync();

        Assert.Equal((HealthStatus.Unhealthy, "The flow has not started."), (before["flow"].Status, before["flow"].Description));
        Assert.Equal((HealthStatus.Healthy, "Every replica serves."), (after["flow"].Status, after["flow"].Description));
        Assert.Equal("2 of 2 replicas serve", after["flow"].Data["upper"]);
    }

    [Fact]
    public async Task A_check_has_the_flows_name_and_the_status_that_was_asked_for()
    {
        using var folder = new TempFolder();
        using var host = Host(folder, checks => checks.AddFlow("images", HealthStatus.Degraded, ["ready"]), "images");

        var report = await CheckAsync(host);

        Assert.Equal(HealthStatus.Degraded, report["flow-images"].Status);
        Assert.Equal(["ready"], report["flow-images"].Tags);
    }

    [Theory]
    [InlineData(0, null, "No flow is added; call builder.Services.AddFlow(\"flow.yml\") first.")]
    [InlineData(2, null, "There are several flows; say which: images, texts.")]
    [InlineData(2, "musc", "No flow is named 'musc'; there are images, texts.")]
    public async Task A_check_of_a_flow_that_is_not_there_says_what_is(int flows, string? name, string message)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        foreach (var known in new[] { "images", "texts" }.Take(flows))
        {
            builder.Services.AddFlow(known, flow => flow.Add<Upper>());
        }

        builder.Services.AddHealthChecks().AddFlow(name);
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => CheckAsync(host));

        Assert.Equal(message, error.Message);
    }

    private static async Task<IReadOnlyDictionary<string, HealthReportEntry>> CheckAsync(IHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries;

    private static IHost Host(TempFolder folder, Action<IHealthChecksBuilder> checks, string? name = null)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        void Build(FlowBuilder flow) => flow.Add<Upper>("upper", executor => executor.Replicas = 2).Set("workspace", folder.Path);
        _ = name is null ? builder.Services.AddFlow(Build) : builder.Services.AddFlow(name, Build);
        checks(builder.Services.AddHealthChecks());
        return builder.Build();
    }
}
