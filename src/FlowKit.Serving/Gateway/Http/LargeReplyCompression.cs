using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>Compresses only what is worth it: a small reply fits into one packet either way.</summary>
internal sealed class LargeReplyCompression(
    IServiceProvider services, IOptions<ResponseCompressionOptions> options) : ResponseCompressionProvider(services, options)
{
    private const int Smallest = 1400;

    public override bool ShouldCompressResponse(HttpContext context) =>
        context.Response.ContentLength is not < Smallest && base.ShouldCompressResponse(context);
}
