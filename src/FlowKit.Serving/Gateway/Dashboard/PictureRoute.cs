using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FlowKit.Configuration.Gateway;
using FlowKit.Runtime;
using FlowKit.Serving.Gateway.Http;
using FlowKit.Serving.Gateway.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Caching.Memory;

namespace FlowKit.Serving.Gateway.Dashboard;

/// <summary>
/// Answers <c>/picture?id=…&amp;side=…</c>: the picture of a document that the flow keeps, as a JPEG small enough for a page. The flow is
/// asked for the document each time, so that what is deleted or changed is not shown; what is made of the same bytes is kept.
/// </summary>
/// <param name="flow">The flow.</param>
internal sealed class PictureRoute(FlowRuntime flow) : IDisposable
{
    public const string Path = "/picture";

    /// <summary>The endpoint that gives documents by their ids.</summary>
    public const string Endpoint = "/get";

    private const int UsualSide = 192;
    private const int MinSide = 16;
    private const int MaxSide = 1024;
    private const long CacheBytes = 32 << 20;

    private readonly MemoryCache _made = new(new MemoryCacheOptions { SizeLimit = CacheBytes });
    private readonly PictureSources _sources = new(flow);

    public void Map(IEndpointRouteBuilder routes) =>
        HttpRoutes.Map(routes, HttpMethods.Get, Path, AnswerAsync)
            .Describe(
                "The picture of a document that the flow keeps", "As a JPEG whose longer side has at most ?side= pixels; ?id= names it.")
            .WithMetadata(new RequiredScope(ApiKeyScopes.Read))
            .Produces<byte[]>("image/jpeg");

    public void Dispose()
    {
        _made.Dispose();
        _sources.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var id = context.Request.Query["id"] is [{ Length: > 0 } one] ? one : throw Invalid("id: expected the id of a document.");
        var side = SideOf(context.Request);
        var document = await FindAsync(id, context.RequestAborted);
        var source = await _sources.ReadAsync(document, context.RequestAborted);
        var key = $"{Convert.ToHexStringLower(SHA256.HashData(source.Span))[..32]}-{side}";
        var headers = context.Response.Headers;
        headers.ETag = $"\"{key}\"";
        headers.CacheControl = "private, max-age=60";
        if (context.Request.Headers.IfNoneMatch.Contains($"\"{key}\""))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var picture = _made.Get<byte[]>(key) ?? Keep(key, Thumbnail.Make(source.Span, side));
        context.Response.ContentType = "image/jpeg";
        context.Response.ContentLength = picture.Length;
        await context.Response.BodyWriter.WriteAsync(picture, context.RequestAborted);
    }

    private byte[] Keep(string key, byte[] picture) => _made.Set(key, picture, new MemoryCacheEntryOptions { Size = picture.Length });

    private static int SideOf(HttpRequest request)
    {
        if (!request.Query.TryGetValue("side", out var written))
        {
            return UsualSide;
        }

        return int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var side) && side is >= MinSide and <= MaxSide
            ? side
            : throw Invalid($"side: expected a whole number from {MinSide} to {MaxSide}.");
    }

    private async Task<Document> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (!flow.Endpoints.ContainsKey(Endpoint))
        {
            throw new FlowKitException(
                FlowErrorCode.NotFound, $"No executor of this flow answers {Endpoint}, so that it gives no documents.");
        }

        var request = new FlowRequest(Endpoint, []) { Parameters = new Parameters(new JsonObject { ["ids"] = new JsonArray(id) }) };
        var reply = await flow.SendAsync(request, cancellationToken);
        return reply switch
        {
            { Error: { } error } => throw new FlowKitException(error),
            { Documents: [var document, ..] } when document.Error is null => document,
            _ => throw new FlowKitException(FlowErrorCode.NotFound, $"No document '{id}' is kept here."),
        };
    }

    private static FlowKitException Invalid(string message) => new(FlowErrorCode.InvalidArgument, message);
}
