using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Resources;

namespace FlowKit.Hosting.Telemetry;

/// <summary>
/// Sends metrics, traces and logs by OTLP where the environment says so, in OpenTelemetry's own variables:
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> or that of one signal, <c>OTEL_TRACES_SAMPLER</c>, <c>OTEL_SERVICE_NAME</c>,
/// <c>OTEL_RESOURCE_ATTRIBUTES</c>, <c>OTEL_SDK_DISABLED</c>.
/// </summary>
internal static class TelemetryExport
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] s_signals = ["TRACES", "METRICS", "LOGS"];

    /// <summary>Adds what the environment asks for.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="service">The name of the service, where the environment names none.</param>
    public static void Add(HostApplicationBuilder builder, string service)
    {
        if (IsAsked(Environment.GetEnvironmentVariable))
        {
            AddExporter(builder, service);
        }
    }

    /// <summary>Tells whether the environment names a place for anything.</summary>
    internal static bool IsAsked(Func<string, string?> environment) =>
        !string.Equals(environment("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase)
        && s_signals.Select(signal => $"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT")
            .Prepend(Endpoint)
            .Any(name => environment(name) is { Length: > 0 });

    private static void AddExporter(HostApplicationBuilder builder, string service)
    {
        // The exporter reads its variables from the host's configuration, which need not have them.
        builder.Configuration.AddEnvironmentVariables();
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(service).AddEnvironmentVariableDetector());
        if (Takes("TRACES"))
        {
            telemetry.WithTracing(tracing => tracing.AddFlowSources());
        }

        if (Takes("METRICS"))
        {
            telemetry.WithMetrics(metrics => metrics.AddFlowMeters());
        }

        if (Takes("LOGS"))
        {
            builder.Logging.AddOpenTelemetry(logs => (logs.IncludeFormattedMessage, logs.IncludeScopes) = (true, true));
            telemetry.WithLogging();
        }

        telemetry.UseOtlpExporter();
    }

    /// <summary>
    /// Tells whether a signal is wanted: it has a place to go to, which is not the default of one while another is named alone, and an
    /// exporter, which <c>OTEL_…_EXPORTER=none</c> takes away.
    /// </summary>
    internal static bool Takes(string signal, Func<string, string?> environment) =>
        environment($"OTEL_{signal}_EXPORTER") is null or "" or "otlp"
        && (environment(Endpoint) is { Length: > 0 } || environment($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT") is { Length: > 0 });

    private static bool Takes(string signal) => Takes(signal, Environment.GetEnvironmentVariable);
}
