using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.Running;

/// <summary>What resources of an app host that does not run would be started with.</summary>
internal static class Models
{
    /// <summary>An app host without a dashboard.</summary>
    /// <param name="folder">Its folder.</param>
    public static IDistributedApplicationBuilder NewHost(string folder)
    {
        var host = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true, ProjectDirectory = folder });
        host.Configuration["DcpPublisher:CliPath"] = Programs.Orchestrator;

        // It must be named though it is not started.
        host.Configuration["DcpPublisher:DashboardPath"] = "no-dashboard";
        return host;
    }

    /// <summary>Gives a resource's endpoint the address that it would get.</summary>
    public static void Allocate(EndpointReference endpoint, int port) =>
        endpoint.EndpointAnnotation.AllocatedEndpoint = new AllocatedEndpoint(endpoint.EndpointAnnotation, "localhost", port, $"{port + 1}");

    public static async Task<string> ArgumentsOfAsync(IDistributedApplicationBuilder host, IResource resource) =>
        string.Join(' ', (await ConfigurationOfAsync(host, resource)).Arguments.Select(argument => argument.Value));

    public static async Task<IReadOnlyDictionary<string, string>> EnvironmentOfAsync(IDistributedApplicationBuilder host, IResource resource) =>
        (await ConfigurationOfAsync(host, resource)).EnvironmentVariables.ToDictionary();

    private static async Task<IExecutionConfigurationResult> ConfigurationOfAsync(IDistributedApplicationBuilder host, IResource resource)
    {
        var configuration = await ExecutionConfigurationBuilder.Create(resource).WithArgumentsConfig().WithEnvironmentVariablesConfig()
            .BuildAsync(host.ExecutionContext, NullLogger.Instance, CancellationToken.None);
        return configuration.Exception is null ? configuration : throw configuration.Exception;
    }
}
