using FlowKit.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace FlowKit.Hosting.Telemetry;

/// <summary>
/// Sends metrics and traces by OTLP over gRPC to the places that Jina's <c>metrics</c> and <c>tracing</c> name. OpenTelemetry's own
/// variables say the rest: the sampler, intervals, headers.
/// </summary>
internal static class PodExport
{
    /// <summary>Sends a pod's metrics until the provider is disposed.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="receiver">Where to.</param>
    /// <param name="meter">The name of its meter.</param>
    public static MeterProvider SendMetrics(Pod pod, Uri receiver, string meter) => Sdk.CreateMeterProviderBuilder()
        .ConfigureResource(resource => resource.AddService(pod.Service))
        .AddMeter(meter)
        .AddOtlpExporter(options => SetReceiver(options, receiver))
        .Build();

    /// <summary>Sends a pod's spans until the provider is disposed: an executor's calls, or what the gateway was asked.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="receiver">Where to.</param>
    public static TracerProvider SendTraces(Pod pod, Uri receiver) => SendTraces(pod.Service, pod, receiver, pod.IsGateway);

    /// <summary>Sends all spans of this process, which is one executor's.</summary>
    /// <param name="service">The name under which it tells of itself.</param>
    /// <param name="receiver">Where to.</param>
    public static TracerProvider SendTraces(string service, Uri receiver) => SendTraces(service, null, receiver, isServer: true);

    private static TracerProvider SendTraces(string service, Pod? pod, Uri receiver, bool isServer)
    {
        var options = new OtlpExporterOptions();
        SetReceiver(options, receiver);
        var builder = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => resource.AddService(service))
            .AddSource(FlowTelemetry.Name, FlowMeters.Database)
            .AddProcessor(new PodSpans(pod, new OtlpTraceExporter(options)));
        return (isServer ? builder.AddAspNetCoreInstrumentation() : builder).Build();
    }

    private static void SetReceiver(OtlpExporterOptions options, Uri receiver) =>
        (options.Endpoint, options.Protocol) = (receiver, OtlpExportProtocol.Grpc);
}
