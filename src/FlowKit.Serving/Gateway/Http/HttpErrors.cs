using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Serving.Gateway.Security;
using FlowKit.Telemetry;
using FlowKit.Wire.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>
/// The one place where failures become HTTP. An executor's error is 200 with <c>header.status.code</c> 1, as in Jina, but for one that is
/// not there or does not return (503, 504), or has no room to keep what it was sent (507); what the gateway itself refuses has a status of
/// its own; a body that cannot be read, or a field of a wrong type, answers FastAPI's <c>detail</c> list.
/// </summary>
internal sealed partial class HttpErrors(RequestDelegate next, ILogger<HttpErrors> logger)
{
    private const int ClientClosedRequest = 499;
    private const string BodyField = "body";

    public async Task InvokeAsync(HttpContext context)
    {
        SecurityHeaders.Set(context);
        try
        {
            await next(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, exception);
            return;
        }

        if (!context.Response.HasStarted && context.Response.ContentType is null && Explain(context) is { } reason)
        {
            await WriteDetailAsync(context, context.Response.StatusCode, reason);
        }
    }

    /// <summary>Sets <c>Retry-After</c>, where it helps to wait.</summary>
    public static void SayWhenToComeAgain(HttpResponse response, FlowError? error)
    {
        if (error?.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }
    }

    public static int StatusOf(FlowError? error) => error switch
    {
        { Code: FlowErrorCode.ResourceExhausted, RetryAfter: null } => StatusCodes.Status507InsufficientStorage,
        null or { Executor: not null, Code: not (FlowErrorCode.Unavailable or FlowErrorCode.DeadlineExceeded) } => StatusCodes.Status200OK,
        { Code: FlowErrorCode.InvalidArgument } => StatusCodes.Status400BadRequest,
        { Code: FlowErrorCode.PermissionDenied } => StatusCodes.Status403Forbidden,
        { Code: FlowErrorCode.NotFound } => StatusCodes.Status404NotFound,
        { Code: FlowErrorCode.PayloadTooLarge } => StatusCodes.Status413PayloadTooLarge,
        { Code: FlowErrorCode.ResourceExhausted } => StatusCodes.Status429TooManyRequests,
        { Code: FlowErrorCode.Cancelled } => ClientClosedRequest,
        { Code: FlowErrorCode.Unavailable } => StatusCodes.Status503ServiceUnavailable,
        { Code: FlowErrorCode.DeadlineExceeded } => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <summary>Returns the text for a refusal by the routing, which sends none; <see langword="null"/> for other statuses.</summary>
    private static string? Explain(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status401Unauthorized => "This gateway needs an API key, as 'Authorization: Bearer <key>' or 'X-API-Key: <key>'.",
        StatusCodes.Status404NotFound => "Not Found",
        StatusCodes.Status405MethodNotAllowed => "Method Not Allowed",
        StatusCodes.Status415UnsupportedMediaType =>
            $"The content type '{context.Request.ContentType}' is not supported; send application/json or multipart/form-data.",
        _ => null,
    };

    private Task AnswerAsync(HttpContext context, Exception exception)
    {
        switch (exception)
        {
            case JsonException json:
                return WriteDetailAsync(context, StatusOf(json), new JsonArray(Describe(json)));
            case BadHttpRequestException bad:
                return WriteDetailAsync(context, bad.StatusCode, bad.Message);
            case FlowKitException known:
                SayWhenToComeAgain(context.Response, known.Error);
                return WriteDetailAsync(context, StatusOf(known.Error with { Executor = null }), known.Message);
            case OperationCanceledException when context.RequestAborted.IsCancellationRequested:
                context.Response.StatusCode = ClientClosedRequest;
                return Task.CompletedTask;
            default:
                Log.Unforeseen(logger, context.Request.Path, exception);
                return WriteDetailAsync(context, StatusCodes.Status500InternalServerError, "Internal Server Error");
        }
    }

    /// <summary>A field of a wrong type is 422, as in FastAPI; what is no JSON object at all is the caller's broken body.</summary>
    private static int StatusOf(JsonException exception) => exception is WireFormatException { Field: not BodyField }
        ? StatusCodes.Status422UnprocessableEntity
        : StatusCodes.Status400BadRequest;

    private static JsonObject Describe(JsonException exception)
    {
        if (exception is WireFormatException format)
        {
            return new JsonObject { ["loc"] = FieldLocation.Of(format.Field), ["msg"] = format.Message, ["type"] = "value_error" };
        }

        var line = exception.LineNumber + 1 ?? 0;
        var column = exception.BytePositionInLine + 1 ?? 0;
        return new JsonObject
        {
            ["loc"] = new JsonArray(BodyField, column),
            ["msg"] = $"line {line} column {column}: {exception.Message.Split(" LineNumber:")[0]}",
            ["type"] = "value_error.jsondecode",
            ["ctx"] = new JsonObject { ["lineno"] = line, ["colno"] = column },
        };
    }

    /// <summary>Answers what an executor threw on a path of DocArray v2, as Jina's gateway does there: 499 with the reason.</summary>
    public static Task WriteExecutorErrorAsync(HttpContext context, FlowError error)
    {
        SayWhenToComeAgain(context.Response, error);
        return WriteDetailAsync(context, StatusOf(error) is StatusCodes.Status200OK ? ClientClosedRequest : StatusOf(error), error.Message);
    }

    /// <summary>Headers stay: a 405 says what is allowed, and a page of another origin may read why it was refused.</summary>
    private static Task WriteDetailAsync(HttpContext context, int status, JsonNode detail)
    {
        context.Response.StatusCode = status;
        context.Response.ContentLength = null;
        return context.Response.WriteAsJsonAsync(new JsonObject { ["detail"] = detail }, context.RequestAborted);
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.HttpGatewayFailed, LogLevel.Error, "{Path} failed in the gateway")]
        public static partial void Unforeseen(ILogger logger, string path, Exception exception);
    }
}
