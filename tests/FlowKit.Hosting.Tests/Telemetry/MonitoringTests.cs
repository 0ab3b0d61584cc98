using System.Net;
using System.Net.Sockets;
using FlowKit.TestKit;
using FlowKit.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FlowKit.Hosting.Telemetry;

/// <summary>Jina's <c>monitoring: true</c>: a port for the gateway, and one for each executor.</summary>
public sealed class MonitoringTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_gateway_and_each_executor_tell_of_themselves_alone_at_any_path()
    {
        using var host = Host("with: {monitoring: true}\nexecutors: [{name: one, uses: Upper}, {name: two, uses: Upper}]\n");
        await host.StartAsync();
        var flow = host.Services.GetRequiredService<Flow>();
        await flow.PostAsync("/upper", new Document { Text = "a" });

        var pods = flow.MonitoringPorts.ToDictionary(port => Assert.Single(port.Pods).Name, port => port.Address);
        Assert.Equal(["gateway", "one", "two"], pods.Keys);
        using var http = new HttpClient();
        var gateway = await http.GetStringAsync(pods["gateway"]);
        var two = await http.GetStringAsync(new Uri(pods["two"], "/metrics"));
        Assert.Contains("jina_successful_requests_total{runtime_name=\"gateway/rep-0\"} 1", gateway, StringComparison.Ordinal);
        Assert.Contains("jina_sending_request_seconds_count{", gateway, StringComparison.Ordinal);
        Assert.Contains("jina_document_processed_total{", two, StringComparison.Ordinal);
        Assert.Contains("executor=\"Upper\"", two, StringComparison.Ordinal);
        Assert.Contains("executor_endpoint=\"/upper\"", two, StringComparison.Ordinal);
        Assert.Contains("runtime_name=\"two/rep-0\"", two, StringComparison.Ordinal);
        Assert.DoesNotContain("runtime_name=\"one/", two, StringComparison.Ordinal);
        Assert.DoesNotContain("jina_document_processed", gateway, StringComparison.Ordinal);

        await host.StopAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync(pods["gateway"]));
    }

    [Fact]
    public async Task Those_that_name_one_port_share_it_and_one_may_be_left_out()
    {
        var port = FreePort.Find();
        using var host = Host($"with: {{monitoring: true, port_monitoring: {port}}}\nexecutors: [{{name: one, uses: Upper, port_monitoring: {port}}}, {{name: two, uses: Upper, monitoring: false}}]\n");
        await host.StartAsync();
        var flow = host.Services.GetRequiredService<Flow>();
        await flow.PostAsync("/upper", new Document { Text = "a" });

        var shared = Assert.Single(flow.MonitoringPorts);
        Assert.Equal(port, shared.Address.Port);
        using var http = new HttpClient();
        var text = await http.GetStringAsync(shared.Address);
        Assert.Contains("runtime_name=\"gateway/rep-0\"", text, StringComparison.Ordinal);
        Assert.Contains("runtime_name=\"one/rep-0\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("runtime_name=\"two/rep-0\"", text, StringComparison.Ordinal);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_port_in_use_ends_the_start_before_anything_loads()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var host = Host($"executors: [{{name: one, uses: Upper, monitoring: true, port_monitoring: {port}}}]\n");

        var error = await Assert.ThrowsAsync<FlowKitException>(() => host.StartAsync());

        Assert.Equal(FlowErrorCode.Unavailable, error.Error.Code);
        Assert.Contains($"The metrics of 'one' cannot be told on 127.0.0.1:{port} (port_monitoring)", error.Message, StringComparison.Ordinal);
        Assert.False(host.Services.GetRequiredService<Flow>().IsReady);
    }

    [Fact]
    public async Task A_receiver_that_is_not_there_keeps_no_flow_from_serving_and_stopping()
    {
        using var host = Host($"with: {{metrics: true, metrics_exporter_port: {FreePort.Find()}, tracing: true, traces_exporter_port: {FreePort.Find()}}}\nexecutors: [{{name: one, uses: Upper}}]\n");
        await host.StartAsync();

        var answer = await host.Services.GetRequiredService<Flow>().PostAsync("/upper", new Document { Text = "a" });

        Assert.Equal("A", Assert.Single(answer).Text);
        await host.StopAsync().WithTimeout();
    }

    private IHost Host(string text)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddFlow(_folder.Write("flow.yml", $"jtype: Flow\n{text}"), options => options.Workspace = _folder.Path);
        return builder.Build();
    }
}
