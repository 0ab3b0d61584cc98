using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using FlowKit;
using FlowKit.Client;
using FlowKit.Specs.Running;

namespace Aspire.Hosting;

/// <summary>An app host that runs: a flow with an executor beside it, and a program that is told where the flow is.</summary>
public sealed class AppHostTests : IDisposable
{
    private const string Flow = """
        jtype: Flow
        executors:
          - name: upper_case
            external: true
            host: nowhere.invalid
            port: 51000
        """;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [AppHostFact]
    public async Task A_flow_is_healthy_is_found_answers_and_is_drained()
    {
        using var limit = new CancellationTokenSource(s_limit);
        await using var telemetry = new TelemetryReceiver();
        var told = Path.Combine(_folder.Path, "environment");
        var host = NewHost(telemetry.Address);
        var flow = host.AddFlow("flow", _folder.File("flow.yml", Flow)).WithCommand(Programs.FlowKit).WithWorkspace(_folder.Path)
            .WithEnvironment("OTEL_METRIC_EXPORT_INTERVAL", "500");
        flow.AddExecutor("upper-case", Repository.At("flows", "hello", "Upper.cs")).WithOption("suffix", "!");
        host.AddExecutable("shop", "/bin/sh", _folder.Path, "-c", $"env > {told}").WithReference(flow).WaitFor(flow);
        await using var app = host.Build();

        await app.StartAsync(limit.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("flow", limit.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("upper-case", limit.Token);

        var address = await flow.Resource.ConnectionStringExpression.GetValueAsync(limit.Token);
        using var http = new HttpClient { BaseAddress = new Uri(address!) };
        using var answer = await http.PostAsJsonAsync(
            "/post", new { data = new[] { new { text = "hello" } }, execEndpoint = "/upper" }, limit.Token);
        Assert.Equal("HELLO!", (string?)(await answer.Content.ReadFromJsonAsync<JsonNode>(limit.Token))!["data"]![0]!["text"]);
        foreach (var client in new[] { address!, $"grpc://{new Uri(address!).Authority}" })
        {
            await using var poster = new FlowClient(client);
            Assert.Equal("HELLO!", (await poster.PostAsync("/upper", [new Document { Text = "hello" }], cancellationToken: limit.Token)).Documents[0].Text);
        }

        await app.ResourceNotifications.WaitForResourceAsync("shop", KnownResourceStates.TerminalStates, limit.Token);
        var environment = await File.ReadAllLinesAsync(told, limit.Token);
        Assert.Contains($"ConnectionStrings__flow={address}", environment);
        Assert.Contains($"services__flow__http__0={address}", environment);
        Assert.Contains($"FLOW_GRPCURI=grpc://{new Uri(address!).Authority}", environment);
        await telemetry.ReceivesAsync("/v1/metrics", "flowkit.requests", limit.Token);
        await telemetry.ReceivesAsync("/v1/traces", "/upper", limit.Token);

        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("flow", KnownResourceCommands.StopCommand, limit.Token)).Success);
        var ended = await app.ResourceNotifications.WaitForResourceAsync(
            "flow", each => KnownResourceStates.TerminalStates.Contains(each.Snapshot.State?.Text), limit.Token);
        Assert.Equal(0, ended.Snapshot.ExitCode);
    }

    [AppHostFact]
    public async Task A_command_that_is_not_there_is_told()
    {
        using var limit = new CancellationTokenSource(s_limit);
        var host = NewHost(null);
        host.AddFlow("flow", Repository.At("flows", "hello", "flow.yml")).WithCommand("/no/such/flowkit");
        await using var app = host.Build();

        await app.StartAsync(limit.Token);
        var state = await app.ResourceNotifications.WaitForResourceAsync("flow", KnownResourceStates.TerminalStates, limit.Token);

        Assert.Equal(KnownResourceStates.FailedToStart, state);
    }

    private static IDistributedApplicationBuilder NewHost(string? telemetry)
    {
        var host = Models.NewHost(AppContext.BaseDirectory);
        host.Configuration["DcpPublisher:WaitForResourceCleanup"] = bool.TrueString;
        host.Configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = telemetry;
        return host;
    }
}
