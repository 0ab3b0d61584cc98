using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>
/// Compresses replies by brotli or gzip for callers that accept it, and unpacks requests in gzip, brotli or deflate. Bodies hold no
/// secret of the gateway that a chosen text could bring out, so HTTPS is no exception. Events are never compressed: each would wait for the next.
/// </summary>
internal static class BodyCompression
{
    public static void Add(IServiceCollection services)
    {
        services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = ["application/json", "text/html", "text/css", "text/javascript", "image/svg+xml"];
        });
        services.AddSingleton<IResponseCompressionProvider, LargeReplyCompression>();
        services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        services.AddRequestDecompression();
    }

    /// <summary>The whole pipeline runs only for requests that say something about it.</summary>
    public static void Use(IApplicationBuilder app)
    {
        app.UseWhen(context => context.Request.Headers.AcceptEncoding.Count > 0, branch => branch.UseResponseCompression());
        app.UseWhen(context => context.Request.Headers.ContentEncoding.Count > 0, branch => branch.UseRequestDecompression());
    }
}
