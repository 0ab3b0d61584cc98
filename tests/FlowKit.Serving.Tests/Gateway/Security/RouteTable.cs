using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FlowKit.Serving.Gateway.Security;

/// <summary>Every route of a gateway with every method it has, from its endpoints themselves, so that a new one cannot be forgotten.</summary>
internal static class RouteTable
{
    /// <summary>A flow with every kind of route: Jina's, own paths, other systems'.</summary>
    public const string Settings =
        "compat: [roboflow, openai, subnet19], expose_endpoints: {/run: {http_path: /own, methods: [GET, POST, PUT, DELETE]}}";

    public static IReadOnlyList<(string Method, string Path)> Of(TestGateway gateway) =>
    [
        .. gateway.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is null)
            .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
                .Select(method => (method, "/" + endpoint.RoutePattern.RawText!.TrimStart('/').Replace("{name}", "app.js", StringComparison.Ordinal))))
            .Where(route => route.method != HttpMethods.Connect)
            .Distinct(),
    ];

    public static async Task<HttpStatusCode> AskAsync(
        TestGateway gateway, (string Method, string Path) route, string? type = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(route.Method), route.Path);
        if (route.Method is not ("GET" or "HEAD"))
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes("""{"data":[{"text":"x"}],"execEndpoint":"/run"}"""));
            request.Content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        // Events have no end.
        using var response = await gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return response.StatusCode;
    }
}
