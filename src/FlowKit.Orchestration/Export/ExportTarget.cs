namespace FlowKit.Orchestration.Export;

/// <summary>An engine that a flow is exported for.</summary>
public enum ExportTarget
{
    /// <summary>Docker Compose: one machine.</summary>
    Compose,

    /// <summary>Docker Swarm: a stack.</summary>
    Swarm,

    /// <summary>Kubernetes: objects and a kustomization.</summary>
    Kubernetes,
}
