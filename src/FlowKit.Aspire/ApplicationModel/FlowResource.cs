using Aspire.Hosting.Flows;
using FlowKit.Configuration.Gateway;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>
/// A flow, run by <c>flowkit run</c>. HTTP, WebSocket and gRPC share its one endpoint; its connection string is the endpoint's address,
/// which <c>FlowClient</c> takes.
/// </summary>
public sealed class FlowResource : ExecutableResource, IResourceWithConnectionString, IResourceWithServiceDiscovery
{
    internal const string DefaultCommand = "flowkit";

    /// <param name="name">The resource's name.</param>
    /// <param name="definition">The flow's file, and what is set over it.</param>
    internal FlowResource(string name, FlowDefinition definition)
        : base(name, DefaultCommand, System.IO.Path.GetDirectoryName(definition.Path)!)
    {
        Definition = definition;
        PrimaryEndpoint = new EndpointReference(this, EndpointName);
    }

    /// <summary>Gets the flow's file, as an absolute path.</summary>
    public string Path => Definition.Path;

    /// <summary>Gets the endpoint of the gateway, which speaks HTTP, WebSocket and gRPC.</summary>
    public EndpointReference PrimaryEndpoint { get; }

    /// <summary>Gets the address of the gateway, such as <c>http://localhost:8080</c>.</summary>
    public ReferenceExpression UriExpression => ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Url)}");

    /// <summary>Gets the address of the same endpoint for clients of gRPC, such as <c>grpc://localhost:8080</c>.</summary>
    public ReferenceExpression GrpcUriExpression => HasCertificate
        ? ReferenceExpression.Create($"grpcs://{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}")
        : ReferenceExpression.Create($"grpc://{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}");

    /// <summary>Gets the connection string: the address that <c>FlowClient</c> takes, <see cref="UriExpression"/>.</summary>
    public ReferenceExpression ConnectionStringExpression => UriExpression;

    /// <summary>Gets the endpoint's name: its scheme, as service discovery has it.</summary>
    internal string EndpointName => HasCertificate ? "https" : "http";

    internal FlowDefinition Definition { get; }

    private bool HasCertificate => Definition.Gateway.Security is GatewaySecurityConfig { CertificateFile: not null };

    /// <summary>Returns what a reference to the flow tells besides: <c>Host</c>, <c>Port</c>, <c>Uri</c> and <c>GrpcUri</c>.</summary>
    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties()
    {
        yield return new("Host", ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Host)}"));
        yield return new("Port", ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Port)}"));
        yield return new("Uri", UriExpression);
        yield return new("GrpcUri", GrpcUriExpression);
    }
}
