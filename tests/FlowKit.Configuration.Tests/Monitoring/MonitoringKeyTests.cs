using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Flow;

namespace FlowKit.Configuration.Monitoring;

/// <summary>Jina's <c>monitoring</c>, <c>metrics</c> and <c>tracing</c>: at the flow, the gateway and each executor.</summary>
public sealed class MonitoringKeyTests
{
    [Fact]
    public void Nobody_is_told_anything_without_them()
    {
        var flow = Read("port_monitoring: 9090, metrics_exporter_host: collector", "name: a");

        Assert.Equal((MonitoringConfig.None, MonitoringConfig.None), (flow.Gateway.Monitoring, flow.Executors[0].Monitoring));
        Assert.False(flow.Gateway.Monitoring.IsOn);
    }

    [Fact]
    public void The_flows_switches_hold_for_its_executors_and_its_port_is_the_gateways()
    {
        var flow = Read(
            "monitoring: true, port_monitoring: 9090, tracing: true, traces_exporter_host: 'http://collector', traces_exporter_port: 4318",
            "name: a, port_monitoring: '9091'",
            "name: b",
            "name: c, monitoring: false, tracing: false");

        Assert.Equal(new MonitoringConfig { Port = 9090, TracesExporter = new Uri("http://collector:4318") }, flow.Gateway.Monitoring);
        Assert.Equal([9091, 0, null], flow.Executors.Select(executor => executor.Monitoring.Port));
        Assert.Equal(["http://collector:4318/", "http://collector:4318/", null], flow.Executors.Select(executor => executor.Monitoring.TracesExporter?.ToString()));
    }

    [Fact]
    public void The_gateway_says_its_own()
    {
        var flow = FlowConfigReader.ReadText(
            "jtype: Flow\nwith: {monitoring: true, port_monitoring: 9090}\ngateway: {port_monitoring: 9191, metrics: true}\nexecutors: [{name: a}]\n",
            "flow.yml");

        Assert.Equal(new MonitoringConfig { Port = 9191, MetricsExporter = new Uri("http://localhost:4317") }, flow.Gateway.Monitoring);
        Assert.Null(flow.Executors[0].Monitoring.MetricsExporter);
    }

    [Theory]
    [InlineData("localhost", "http://localhost:4317/")]
    [InlineData("0.0.0.0", "http://127.0.0.1:4317/")]
    [InlineData("http://collector:4319", "http://collector:4319/")]
    [InlineData("https://collector.example", "https://collector.example:4317/")]
    [InlineData("grpcs://collector", "https://collector:4317/")]
    [InlineData("'[::1]'", "http://[::1]:4317/")]
    public void A_receiver_is_a_host_or_an_address(string host, string expected)
    {
        var flow = Read($"metrics: true, metrics_exporter_host: {host}", "name: a");

        Assert.Equal(expected, flow.Gateway.Monitoring.MetricsExporter!.ToString());
    }

    [Fact]
    public void The_names_that_Jinas_page_has_are_known()
    {
        var flow = Read("tracing: true, tracing_exporter_host: collector, tracing_exporter_port: 4400", "name: a");

        Assert.Equal("http://collector:4400/", flow.Gateway.Monitoring.TracesExporter!.ToString());
    }

    [Theory]
    [InlineData("monitoring: maybe", "gateway.monitoring|with.monitoring", "expected true or false")]
    [InlineData("port_monitoring: 70000", "with.port_monitoring|gateway.port_monitoring", "expected a whole number from 0 to 65535, not ")]
    [InlineData("metrics_exporter_port: 0", "with.metrics_exporter_port", "expected a whole number from 1 to 65535, not ")]
    [InlineData("traces_exporter_host: 'http://a/b'", "gateway.traces_exporter_host", "expected a host, or http://host or https://host, not 'http://a/b'")]
    [InlineData("metrics_exporter_host: 'a b'", "gateway.metrics_exporter_host", "expected a host, or http://host or https://host, not 'a b'")]
    public void What_is_wrong_is_told_with_its_place_even_where_it_is_off(string key, string paths, string message)
    {
        var error = Assert.Throws<FlowConfigException>(() => Read(key, "name: a")).Errors[0];

        Assert.Contains(error.Key, paths.Split('|'));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(2, error.Place.Line);
    }

    [Fact]
    public void Of_several_ports_the_first_tells_of_all_replicas()
    {
        var flow = Read("monitoring: true", "name: a, replicas: 2, port_monitoring: [9091, 9092]");

        Assert.Equal(9091, flow.Executors[0].Monitoring.Port);
        Assert.Equal("executors.a.port_monitoring", Assert.Single(flow.Warnings).Key);
    }

    private static FlowConfig Read(string with, params string[] executors) => FlowConfigReader.ReadText(
        $"jtype: Flow\nwith: {{{with}}}\nexecutors:\n{string.Concat(executors.Select(executor => $"- {{{executor}}}\n"))}", "flow.yml");
}
