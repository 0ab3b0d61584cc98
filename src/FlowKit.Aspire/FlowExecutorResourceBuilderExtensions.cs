using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Flows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Adds executors that run by themselves to the flows of an app host.</summary>
public static class FlowExecutorResourceBuilderExtensions
{
    /// <summary>
    /// Adds an executor that runs by itself, by <c>flowkit executor</c>. The flow's file has it as <c>external: true</c>; where it is, the
    /// flow is told when it starts, over the <c>host</c> and <c>port</c> of the file. It has the command that the flow has by now.
    /// </summary>
    /// <param name="flow">The flow.</param>
    /// <param name="name">
    /// The resource's name, which is that of the executor's entry in the flow; <c>-</c> stands for a <c>_</c> of the entry's.
    /// </param>
    /// <param name="uses">The executor, as <c>uses:</c> names it; a path starts in the folder of the flow's file.</param>
    /// <exception cref="DistributedApplicationException">
    /// The flow has no such entry, or one that is not external, has shards or TLS; or <paramref name="uses"/> is a path that leads nowhere.
    /// </exception>
    public static IResourceBuilder<FlowExecutorResource> AddExecutor(
        this IResourceBuilder<FlowResource> flow, [ResourceName] string name, string uses)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(uses);
        var entry = flow.Resource.Definition.FindEntry(name);
        flow.Resource.Definition.CheckUses(name, uses);
        var executor = new FlowExecutorResource(name, entry, uses, flow.Resource);
        var endpoint = executor.PrimaryEndpoint;
        flow.WithArgs("--set", ReferenceExpression.Create($"executors.{entry}.host={endpoint.Property(EndpointProperty.Host)}"))
            .WithArgs("--set", ReferenceExpression.Create($"executors.{entry}.port={endpoint.Property(EndpointProperty.Port)}"))
            .WithReferenceRelationship(executor);
        var check = $"{name}_{FlowExecutorResource.EndpointName}";
        flow.ApplicationBuilder.Services.AddHealthChecks().Add(
            new HealthCheckRegistration(check, new ExecutorHealthCheck(endpoint), failureStatus: null, tags: null));
        return flow.ApplicationBuilder.AddResource(executor)
            .WithArgs("executor", "--uses", uses, "--name", entry, "--host", "127.0.0.1")
            .WithArgs("--port", endpoint.Property(EndpointProperty.TargetPort))
            .WithHttpEndpoint(name: FlowExecutorResource.EndpointName)
            .WithEndpoint(FlowExecutorResource.EndpointName, static told => told.Transport = "http2")
            .WithHealthCheck(check)
            .WithOtlpExporter()
            .OnBeforeResourceStarted(static (started, _, _) => FlowResourceBuilderExtensions.RequireCommand(started));
    }

    /// <summary>Gives the executor an option, as an entry of <c>uses_with</c> does.</summary>
    /// <param name="builder">The executor.</param>
    /// <param name="name">The option's name.</param>
    /// <param name="value">Its value, typed as YAML types it.</param>
    public static IResourceBuilder<FlowExecutorResource> WithOption(
        this IResourceBuilder<FlowExecutorResource> builder, string name, string value)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        return builder.WithArgs("--uses-with", $"{name}={value}");
    }
}
