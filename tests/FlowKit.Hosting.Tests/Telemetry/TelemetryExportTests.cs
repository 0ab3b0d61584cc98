namespace FlowKit.Hosting.Telemetry;

/// <summary>OpenTelemetry's own variables say whether anything is sent.</summary>
public sealed class TelemetryExportTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true, "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4317")]
    [InlineData(true, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:4317")]
    [InlineData(false, "OTEL_EXPORTER_OTLP_ENDPOINT", "")]
    [InlineData(false, "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4317", "OTEL_SDK_DISABLED", "TRUE")]
    [InlineData(false, "OTEL_SERVICE_NAME", "mine")]
    public void Nothing_is_sent_unless_a_place_is_named(bool expected, params string[] variables)
    {
        var environment = variables.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);

        Assert.Equal(expected, TelemetryExport.IsAsked(name => environment.GetValueOrDefault(name)));
    }

    [Theory]
    [InlineData("TRACES METRICS LOGS", "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4317")]
    [InlineData("TRACES", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:4317")]
    [InlineData("TRACES LOGS", "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4317", "OTEL_METRICS_EXPORTER", "none")]
    public void A_signal_goes_where_its_own_place_or_the_common_one_is_named(string expected, params string[] variables)
    {
        var environment = variables.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);

        Assert.Equal(expected.Split(' '), new[] { "TRACES", "METRICS", "LOGS" }.Where(signal => TelemetryExport.Takes(signal, name => environment.GetValueOrDefault(name))));
    }
}
