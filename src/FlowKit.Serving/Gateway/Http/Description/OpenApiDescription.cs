using FlowKit.Configuration.Flow;
using Microsoft.Extensions.DependencyInjection;

namespace FlowKit.Serving.Gateway.Http.Description;

/// <summary>What <c>/openapi.json</c> says about the flow as a whole.</summary>
internal static class OpenApiDescription
{
    public const string DocumentName = "v1";

    public static void Add(IServiceCollection services, FlowConfig config) => services.AddOpenApi(DocumentName, options =>
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = config.Gateway.Title ?? config.Name ?? "My FlowKit service";
            document.Info.Description = config.Gateway.Description ?? "A flow of executors served by FlowKit.";
            document.Info.Version = typeof(OpenApiDescription).Assembly.GetName().Version!.ToString(3);
            document.Servers?.Clear();
            return Task.CompletedTask;
        }));
}
