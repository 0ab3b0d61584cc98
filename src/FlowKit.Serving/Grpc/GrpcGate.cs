using System.Globalization;
using FlowKit.Runtime;
using FlowKit.Wire.Grpc;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FlowKit.Serving.Grpc;

/// <summary>
/// Stands before a gRPC method and decides before its message is read: the library reads the whole message of a unary call before it asks
/// the method. What is refused gets an answer of headers alone, and its body is never touched.
/// </summary>
/// <param name="next">The library's handler of the method.</param>
/// <param name="endpoint">What the endpoint's metadata says of it.</param>
internal sealed class GrpcGate(RequestDelegate next, EndpointMetadataCollection endpoint)
{
    private static readonly string[] s_codes =
        [.. Enumerable.Range(0, (int)StatusCode.Unauthenticated + 1).Select(code => code.ToString(CultureInfo.InvariantCulture))];

    private readonly GrpcAdmission? _admission = endpoint.GetMetadata<GrpcAdmission>();
    private readonly int _maxReceiveBytes = endpoint.GetRequiredMetadata<GrpcLimits>().MaxReceiveBytes;
    private readonly bool _takesOneMessage =
        endpoint.GetRequiredMetadata<GrpcMethodMetadata>().Method.Type is MethodType.Unary or MethodType.ServerStreaming;

    /// <summary>Puts a gate before an endpoint of a gRPC method; what the endpoint's metadata says decides which.</summary>
    public static void Apply(EndpointBuilder endpoint)
    {
        if (endpoint.RequestDelegate is { } next && endpoint.Metadata.OfType<GrpcMethodMetadata>().Any())
        {
            endpoint.RequestDelegate = new GrpcGate(next, new EndpointMetadataCollection(endpoint.Metadata)).InvokeAsync;
        }
    }

    private Task InvokeAsync(HttpContext context)
    {
        // What limits a call is the size of each of its messages, not of all together.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (Misdated(context.Request) is { } wrong)
        {
            Refuse(context.Response, wrong);
            return Task.CompletedTask;
        }

        if (_admission is null)
        {
            return AnswerAsync(context, permit: null);
        }

        if (_admission.IsStream)
        {
            return AnswerStreamAsync(context, _admission.Flow);
        }

        if (!_admission.Flow.TryAdmit(out var permit, out var refusal))
        {
            Refuse(context.Response, refusal);
            return Task.CompletedTask;
        }

        context.Features.Set(permit);
        return AnswerAsync(context, permit);
    }

    private async Task AnswerAsync(HttpContext context, AdmissionPermit? permit)
    {
        using (permit)
        {
            var fault = _takesOneMessage
                ? await GrpcPrefix.FindFaultAsync(context.Request.BodyReader, _maxReceiveBytes, permit, context.RequestAborted)
                : null;
            if (fault is null)
            {
                await next(context);
            }
            else
            {
                Refuse(context.Response, fault);
            }
        }
    }

    private async Task AnswerStreamAsync(HttpContext context, FlowRuntime flow)
    {
        using var share = new MemoryShare(flow.Memory);
        context.Features.Set(share);
        context.Features.Set<IRequestBodyPipeFeature>(new CountedBody(new CountedPipeReader(context.Request.BodyReader, share)));
        await next(context);
    }

    /// <summary>The library takes a time that it does not understand, and no time at all, for no limit.</summary>
    private static FlowError? Misdated(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(GrpcHeaders.Timeout, out var text))
        {
            return null;
        }

        if (text.Count != 1 || !GrpcTimeout.TryParse(text.ToString(), out var timeout))
        {
            return new FlowError(
                FlowErrorCode.InvalidArgument, $"{GrpcHeaders.Timeout}: '{text}' is not at most eight digits and one of H, M, S, m, u, n.");
        }

        return timeout > TimeSpan.Zero ? null : new FlowError(FlowErrorCode.DeadlineExceeded, "The deadline passed.");
    }

    private static void Refuse(HttpResponse response, FlowError error)
    {
        response.ContentType = GrpcHeaders.ContentType;
        response.Headers[GrpcHeaders.Status] = s_codes[(int)GrpcStatusMap.CodeOf(error.Code)];
        response.Headers[GrpcHeaders.Message] = StatusText.Encode(error.Message);
        if (error.RetryAfter is { } wait)
        {
            response.Headers[RetryAfter.Name] = RetryAfter.Seconds(wait);
        }
    }
}
