using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Flows;

namespace Aspire.Hosting;

/// <summary>Adds flows to an app host.</summary>
public static class FlowResourceBuilderExtensions
{
    private const string Host = "127.0.0.1";

    /// <summary>
    /// Adds a flow, which <c>flowkit run</c> runs: <c>flowkit</c> on the PATH, or what
    /// <see cref="ExecutableResourceBuilderExtensions.WithCommand{T}(IResourceBuilder{T}, string)"/> names. It is healthy when its
    /// <c>/ready</c> says so, and sends metrics, traces and logs to the dashboard.
    /// </summary>
    /// <param name="builder">The app host.</param>
    /// <param name="name">The resource's name, by which others find it.</param>
    /// <param name="path">The flow's file; a relative path starts in the app host's folder.</param>
    /// <param name="port">The port that callers see; any free one by default. The file's own <c>gateway.port</c> is not used.</param>
    /// <exception cref="DistributedApplicationException">
    /// The file is not there, or is no flow that can be run; every mistake is told with its line.
    /// </exception>
    public static IResourceBuilder<FlowResource> AddFlow(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string path, int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var flow = new FlowResource(name, new FlowDefinition(name, Path.GetFullPath(path, builder.AppHostDirectory)));
        builder.Eventing.Subscribe<BeforeStartEvent>((_, _) =>
        {
            flow.Definition.Complete();
            return Task.CompletedTask;
        });
        var resource = builder.AddResource(flow)
            .WithArgs("run", flow.Path, "--host", Host, "--port", flow.PrimaryEndpoint.Property(EndpointProperty.TargetPort))
            .WithOtlpExporter()
            .OnBeforeResourceStarted(static (started, _, _) => RequireCommand(started));
        resource = flow.EndpointName == "https"
            ? resource.WithHttpsEndpoint(port, name: flow.EndpointName)
            : resource.WithHttpEndpoint(port, name: flow.EndpointName);
        return resource.WithHttpHealthCheck("/ready", endpointName: flow.EndpointName);
    }

    /// <summary>Gives a value of <c>${{ CONTEXT.x }}</c> in the flow's file, as <c>--context</c> does.</summary>
    /// <param name="builder">The flow.</param>
    /// <param name="name">The value's name.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="DistributedApplicationException">The flow cannot be run with it.</exception>
    public static IResourceBuilder<FlowResource> WithContext(this IResourceBuilder<FlowResource> builder, string name, string value)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        builder.Resource.Definition.SetContext(name, value);
        return builder.WithArgs("--context", $"{name}={value}");
    }

    /// <summary>Gives a value of <c>${{ CONTEXT.x }}</c> in the flow's file that a parameter of the app host has.</summary>
    /// <param name="builder">The flow.</param>
    /// <param name="name">The value's name.</param>
    /// <param name="value">The parameter. A secret belongs in the environment (<c>WithEnvironment</c>), where nobody lists it.</param>
    public static IResourceBuilder<FlowResource> WithContext(
        this IResourceBuilder<FlowResource> builder, string name, IResourceBuilder<ParameterResource> value)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        builder.Resource.Definition.SetContext(name, null);
        return builder.WithArgs("--context", ReferenceExpression.Create($"{name}={value.Resource}"));
    }

    /// <summary>Sets a key over the flow's file, as <c>--set</c> does.</summary>
    /// <param name="builder">The flow.</param>
    /// <param name="path">The key's path, such as <c>executors.encoder.replicas</c>.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="DistributedApplicationException">The flow cannot be run with it.</exception>
    public static IResourceBuilder<FlowResource> WithSetting(this IResourceBuilder<FlowResource> builder, string path, string value)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(value);
        builder.Resource.Definition.Set(path, value);
        return builder.WithArgs("--set", $"{path}={value}");
    }

    /// <summary>Says where executors keep their files; <c>.flowkit</c> beside the flow by default.</summary>
    /// <param name="builder">The flow.</param>
    /// <param name="path">The folder; a relative path starts in the app host's folder.</param>
    public static IResourceBuilder<FlowResource> WithWorkspace(this IResourceBuilder<FlowResource> builder, string path)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return builder.WithArgs("--workspace", Path.GetFullPath(path, builder.ApplicationBuilder.AppHostDirectory));
    }

    /// <summary>
    /// Tells a resource where a flow is: its connection string (<c>ConnectionStrings__NAME</c>, the address that <c>FlowClient</c> takes),
    /// its parts (<c>NAME_URI</c>, <c>NAME_GRPCURI</c>, <c>NAME_HOST</c>, <c>NAME_PORT</c>) and its endpoint for service discovery
    /// (<c>services__NAME__http__0</c>).
    /// </summary>
    /// <param name="builder">The resource that is told.</param>
    /// <param name="source">The flow.</param>
    /// <param name="connectionName">The name of the connection string; the flow's by default.</param>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<FlowResource> source, string? connectionName = null)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(source);
        IResourceBuilder<IResourceWithConnectionString> connection = source;
        IResourceBuilder<IResourceWithServiceDiscovery> service = source;
        return builder.WithReference(connection, connectionName).WithReference(service);
    }

    internal static Task RequireCommand(ExecutableResource resource)
    {
        ExecutableFinder.Require(
            resource.Name, resource.Command, resource.WorkingDirectory, Environment.GetEnvironmentVariable("PATH"));
        return Task.CompletedTask;
    }
}
