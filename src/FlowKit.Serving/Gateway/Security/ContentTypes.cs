using FlowKit.Serving.Grpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace FlowKit.Serving.Gateway.Security;

/// <summary>
/// Refuses bodies of a type that a route does not take, or of none, before they are read. Text, and what an HTML form sends, are what any
/// page may post without the browser asking for leave; so no route takes them for JSON.
/// </summary>
internal static class ContentTypes
{
    public const string Json = "application/json";

    private static readonly string[] s_jsonAlone = [Json];

    public static void Use(IApplicationBuilder app) => app.UseWhen(static context => !Allows(context), static other => other.Run(Refuse));

    private static bool Allows(HttpContext context)
    {
        var type = context.Request.ContentType;
        if (type == Json
            || context.GetEndpoint() is not { } endpoint
            || context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true }
            || GrpcPort.IsGrpc(context.Request))
        {
            return true;
        }

        return MediaTypeHeaderValue.TryParse(type, out var media)
            && (endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes ?? s_jsonAlone)
                .Any(accepted => media.MediaType.Equals(accepted, StringComparison.OrdinalIgnoreCase));
    }

    private static Task Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
        return Task.CompletedTask;
    }
}
