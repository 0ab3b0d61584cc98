using System.IO.Compression;
using FlowKit.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>
/// Compresses replies by brotli or gzip for callers that accept it, and unpacks requests in gzip, brotli or deflate. Bodies hold no
/// secret of the gateway that a chosen text could bring out, so HTTPS is no exception. Events are never compressed: each would wait for the
/// next.
/// </summary>
internal static class BodyCompression
{
    public static void Add(IServiceCollection services) => services.AddRequestDecompression();

    /// <summary>
    /// The whole pipeline runs only for requests that say something about it. Its options are the gateway's own: those of the application
    /// around it stay as they are.
    /// </summary>
    public static void Use(IApplicationBuilder app)
    {
        var provider = new LargeReplyCompression(app.ApplicationServices, Options.Create(NewOptions()));
        app.UseWhen(
            context => context.Request.Headers.AcceptEncoding.Count > 0,
            branch => branch.UseMiddleware<ResponseCompressionMiddleware>(provider));
        app.UseWhen(
            context => context.Request.Headers.ContentEncoding.Count > 0,
            branch => branch.Use(CountPacked).UseRequestDecompression().Use(LimitUnpacked));
    }

    private static Task CountPacked(HttpContext context, RequestDelegate next)
    {
        var packed = new CountedStream(context.Request.Body);
        context.Features.Set(packed);
        context.Request.Body = packed;
        return next(context);
    }

    /// <summary>Ends the reading of a bomb. A body that is not unpacked is refused by its encoding, where it is read.</summary>
    private static Task LimitUnpacked(HttpContext context, RequestDelegate next)
    {
        var packed = context.Features.GetRequiredFeature<CountedStream>();
        if (context.Request.Headers.ContentEncoding.Count == 0)
        {
            context.Request.Body = new CountedStream(context.Request.Body, unpacked =>
            {
                if (UnpackingRatio.IsPassed(packed.Count, unpacked))
                {
                    throw new BadHttpRequestException(
                        $"The body unpacks to more than {UnpackingRatio.Max} times its size; send it uncompressed, or less at once.",
                        StatusCodes.Status413PayloadTooLarge);
                }
            });
        }

        return next(context);
    }

    private static ResponseCompressionOptions NewOptions() => new()
    {
        EnableForHttps = true,
        MimeTypes = ["application/json", "text/html", "text/css", "text/javascript", "image/svg+xml"],
        Providers =
        {
            new BrotliCompressionProvider(Options.Create(new BrotliCompressionProviderOptions { Level = CompressionLevel.Fastest })),
            new GzipCompressionProvider(Options.Create(new GzipCompressionProviderOptions { Level = CompressionLevel.Fastest })),
        },
    };
}
