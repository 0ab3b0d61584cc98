using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Runtime;
using FlowKit.Serving.Dispatch;
using FlowKit.Serving.Gateway.Http;
using FlowKit.Serving.Gateway.Security;
using FlowKit.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace FlowKit.Serving.Gateway.Compat;

/// <summary>Routes with the bodies, replies and errors of another system; its users change the address and nothing else.</summary>
internal abstract class CompatFamily(CompatFlow flow)
{
    private const int FirstReply = 4096;

    protected CompatFlow Flow { get; } = flow;

    /// <summary>The system whose routes they are.</summary>
    public abstract string System { get; }

    /// <summary>The family's routes.</summary>
    public abstract IReadOnlyList<CompatOperation> Operations { get; }

    /// <summary>Adds the family's routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var operation in Operations)
        {
            RequestDelegate answer = context => AnswerAsync(context, operation);
            var route = routes.MapMethods(operation.Path, [operation.Method], answer).WithMetadata(
                answer.Method,
                operation,
                new EndpointSummaryAttribute(operation.Summary),
                new TagsAttribute(System),
                new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(JsonObject), [ContentTypes.Json]));
            if (operation.Example is not null)
            {
                route.WithMetadata(new AcceptsMetadata([ContentTypes.Json], typeof(JsonObject)));
            }
        }
    }

    /// <summary>Writes an error as the other system does.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="status">The status of HTTP.</param>
    /// <param name="message">What is wrong.</param>
    protected abstract void WriteError(Utf8JsonWriter json, int status, string message);

    /// <summary>The status for a failure.</summary>
    protected virtual int StatusOf(FlowError error) => error switch
    {
        {
            DocumentId: not null,
            Code: FlowErrorCode.InvalidArgument
                or FlowErrorCode.NotFound
                or FlowErrorCode.PermissionDenied
                or FlowErrorCode.PayloadTooLarge
        } => StatusCodes.Status400BadRequest,
        { Code: FlowErrorCode.FailedPrecondition } => StatusCodes.Status501NotImplemented,
        _ => HttpErrors.StatusOf(error with { Executor = null }),
    };

    protected static void WriteVector(Utf8JsonWriter json, ReadOnlySpan<float> vector)
    {
        json.WriteStartArray();
        foreach (var value in vector)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    private async Task AnswerAsync(HttpContext context, CompatOperation operation)
    {
        try
        {
            using var permit = Flow.Admit(context);
            if (operation.Example is null)
            {
                await SendAsync(context, StatusCodes.Status200OK, await operation.AnswerAsync(context, default), permit);
                return;
            }

            using var bytes = await RequestBody.ReadWholeAsync(context.Request, permit, context.RequestAborted);
            var json = RequestBody.WithoutMark(bytes.Written);
            permit.Take(RequestWeight.OfJson(json.Span), RequestBody.Contents);
            using var body = JsonDocument.Parse(json);
            await SendAsync(context, StatusCodes.Status200OK, await operation.AnswerAsync(context, body.RootElement), permit);
        }
        catch (JsonException exception)
        {
            await SendAsync(
                context,
                StatusCodes.Status400BadRequest,
                json => WriteError(json, StatusCodes.Status400BadRequest, $"The body is not valid JSON: {exception.Message}"));
        }
        catch (FlowKitException exception)
        {
            var status = StatusOf(exception.Error);
            HttpErrors.SayWhenToComeAgain(context.Response, exception.Error);
            await SendAsync(context, status, json => WriteError(json, status, exception.Message));
        }
    }

    private static async Task SendAsync(
        HttpContext context, int status, Action<Utf8JsonWriter> write, AdmissionPermit? permit = null)
    {
        using var buffer = new PooledBuffer(FirstReply, permit, "The reply");
        await using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        if (buffer.Written.Length <= RequestWeight.SmallReply)
        {
            permit?.Dispose();
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = ContentTypes.Json;
        context.Response.ContentLength = buffer.Written.Length;
        await ReplyPieces.WriteAsync(context.Response, buffer.Written, context.RequestAborted);
    }
}
