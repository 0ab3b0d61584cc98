using FlowKit.Components;

namespace FlowKit.Hosting;

/// <summary>
/// The options of a flow that a program hosts. In a host they are bound from the configuration too: <c>Flows:NAME:Workspace</c>,
/// <c>Flows:NAME:Context:model</c>,
/// <c>Flows:NAME:Set:executors.encoder.replicas</c>, where NAME is <c>Default</c> for a flow without a name; what changes there is applied
/// while the flow serves.
/// </summary>
public sealed class FlowHostOptions
{
    /// <summary>
    /// The folder under which executors keep their files; by default what the flow says, or else <c>.flowkit</c> beside it.
    /// </summary>
    public string? Workspace { get; set; }

    /// <summary>
    /// The folder from which relative paths of a flow start that is written in C#; by default the program's working directory. A file's
    /// start beside it.
    /// </summary>
    public string? BaseDirectory { get; set; }

    /// <summary>Values of <c>${{ CONTEXT.x }}</c>.</summary>
    public IDictionary<string, string> Context { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Values set over the flow's, by path: <c>executors.encoder.replicas</c> → <c>2</c>.</summary>
    public IDictionary<string, string> Set { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Indicates whether the flow listens on the ports that its <c>gateway:</c> names. Default <see langword="false"/>: the program posts to it, or
    /// maps it.
    /// </summary>
    public bool Listen { get; set; }

    /// <summary>
    /// The executors that <c>uses:</c> can name, besides those that lie beside the program; by default those of every assembly that is
    /// loaded.
    /// </summary>
    public ComponentCatalog? Catalog { get; set; }

    /// <summary>
    /// Told of what the flow's file says in vain, and of documents that <c>on_start:</c> could not post; by default they are logged.
    /// </summary>
    public Action<string>? OnWarning { get; set; }

    /// <summary>Told while executors load and <c>on_start:</c> posts.</summary>
    public IProgress<FlowStartProgress>? Progress { get; set; }
}
