using FlowKit.Configuration.Flow;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace FlowKit.Serving.Gateway.Http.Description;

/// <summary>The OpenAPI document of a flow.</summary>
internal static class OpenApiDescription
{
    /// <summary>The name of the document where a gateway is all that there is.</summary>
    public const string DocumentName = "v1";

    /// <summary>Adds the document; only endpoints that are marked with its name are in it.</summary>
    public static void Add(IServiceCollection services, string name, Func<IServiceProvider, FlowConfig> config) =>
        services.AddOpenApi(name, options =>
    {
        options.ShouldInclude = endpoint => endpoint.ActionDescriptor.EndpointMetadata.OfType<DescribedIn>()
            .Any(document => document.Name == name);
        options.AddDocumentTransformer((document, context, _) =>
        {
            var flow = config(context.ApplicationServices);
            document.Info.Title = flow.Gateway.Title ?? flow.Name ?? "My FlowKit service";
            document.Info.Description = flow.Gateway.Description ?? "A flow of executors served by FlowKit.";
            document.Info.Version = typeof(OpenApiDescription).Assembly.GetName().Version!.ToString(3);
            document.Info.License = new OpenApiLicense { Name = "MIT (FlowKit; executors and models have their own)", Identifier = "MIT" };
            document.Servers = [new OpenApiServer { Url = "/", Description = "Where this description comes from." }];
            return Task.CompletedTask;
        });
    });
}
