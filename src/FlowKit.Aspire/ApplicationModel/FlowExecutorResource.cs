namespace Aspire.Hosting.ApplicationModel;

/// <summary>An executor of a flow that runs by itself, by <c>flowkit executor</c>; the flow has it as <c>external: true</c>.</summary>
public sealed class FlowExecutorResource : ExecutableResource, IResourceWithServiceDiscovery
{
    internal const string EndpointName = "grpc";

    /// <param name="name">The resource's name.</param>
    /// <param name="entry">The name of its entry in the flow.</param>
    /// <param name="uses">The executor.</param>
    /// <param name="flow">The flow.</param>
    internal FlowExecutorResource(string name, string entry, string uses, FlowResource flow)
        : base(name, flow.Command, flow.WorkingDirectory)
    {
        Entry = entry;
        Uses = uses;
        Flow = flow;
        PrimaryEndpoint = new EndpointReference(this, EndpointName);
    }

    /// <summary>Gets the name of its entry in the flow.</summary>
    public string Entry { get; }

    /// <summary>Gets the executor that it is, as <c>uses:</c> names it; a path starts in the folder of the flow's file.</summary>
    public string Uses { get; }

    /// <summary>Gets the flow that calls it.</summary>
    public FlowResource Flow { get; }

    /// <summary>Gets its endpoint, which speaks gRPC without TLS.</summary>
    public EndpointReference PrimaryEndpoint { get; }
}
