using FlowKit.Orchestration.Launching.Containers;

namespace FlowKit.Orchestration.Export;

/// <summary>The choices of an export that the flow itself does not make.</summary>
public sealed record ExportOptions
{
    /// <summary>FlowKit's own image, which runs the gateway and the executors that come with FlowKit.</summary>
    public string Image { get; init; } = ContainerImage.Own;

    /// <summary>The registry and folder before the names of images that are built of the flow's own executors; empty for none.</summary>
    public string ImagePrefix { get; init; } = "";

    /// <summary>The tag of images that are built of the flow's own executors. Default <c>latest</c>.</summary>
    public string Tag { get; init; } = "latest";

    /// <summary>The namespace of Kubernetes. Default <c>default</c>.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>The number of gateways. Default 2; compose has one, which has the port of the machine.</summary>
    public int GatewayReplicas { get; init; } = 2;

    /// <summary>The requests under way that a replica is to have on average before another one is started. Default 2.</summary>
    public int TargetInFlight { get; init; } = 2;

    /// <summary>The address of Prometheus for KEDA, which then scales; <see langword="null"/> for a HorizontalPodAutoscaler.</summary>
    public Uri? Keda { get; init; }

    /// <summary>The host of an Ingress before the gateway; <see langword="null"/> for none.</summary>
    public string? IngressHost { get; init; }

    /// <summary>Tells whether Swarm publishes the gateway's ports on its nodes alone, and not by the routing mesh.</summary>
    public bool HostPorts { get; init; }
}
