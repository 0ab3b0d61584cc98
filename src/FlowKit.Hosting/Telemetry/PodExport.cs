using System.Diagnostics;
using FlowKit.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace FlowKit.Hosting.Telemetry;

/// <summary>
/// Sends metrics and traces by OTLP over gRPC to the places that Jina's <c>metrics</c> and <c>tracing</c> name. OpenTelemetry's own variables
/// say the rest: the sampler, intervals, headers.
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
    public static TracerProvider SendTraces(Pod pod, Uri receiver)
    {
        var builder = Builder(pod.Service, receiver, exporter => new PodSpans(pod, exporter));
        return (pod.IsGateway ? builder.AddAspNetCoreInstrumentation() : builder).Build();
    }

    /// <summary>Sends all spans of this process, which is one executor's.</summary>
    /// <param name="service">The name under which it tells of itself.</param>
    /// <param name="receiver">Where to.</param>
    public static TracerProvider SendTraces(string service, Uri receiver) =>
        Builder(service, receiver, exporter => exporter).AddAspNetCoreInstrumentation().Build();

    private static TracerProviderBuilder Builder(
        string service, Uri receiver, Func<BaseProcessor<Activity>, BaseProcessor<Activity>> choose)
    {
        var options = new OtlpExporterOptions();
        SetReceiver(options, receiver);
        return Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => resource.AddService(service))
            .AddSource(FlowTelemetry.Name)
            .AddProcessor(choose(new BatchActivityExportProcessor(new OtlpTraceExporter(options))));
    }

    private static void SetReceiver(OtlpExporterOptions options, Uri receiver) =>
        (options.Endpoint, options.Protocol) = (receiver, OtlpExportProtocol.Grpc);
}
