using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Wire;

namespace FlowKit.Client;

/// <summary>Makes an error of a status that is not 200, with the words and the time to wait that come with it.</summary>
internal static class Refusals
{
    public static async Task<FlowError> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if ((int)response.StatusCode is >= 300 and < 400)
        {
            return new FlowError(
                FlowErrorCode.FailedPrecondition,
                $"{(int)response.StatusCode}: {response.RequestMessage?.RequestUri} sends elsewhere, to "
                    + $"'{response.Headers.Location}'; a client follows no redirect, since its "
                    + "key and documents would go there. Give the flow's own address.");
        }

        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return new FlowError(
            CodeOf(response.StatusCode),
            $"{(int)response.StatusCode}: {Explain(body)}")
        { RetryAfter = response.Headers.RetryAfter?.Delta };
    }

    /// <summary>The gateway writes a code of its own where an executor has thrown nothing else.</summary>
    /// <param name="status">The status.</param>
    /// <param name="routes">The routes of the reply, one of which names the executor; the status knows its class.</param>
    public static FlowError Of(WireStatus status, IReadOnlyList<WireRoute>? routes = null)
    {
        var thrown = status.Exception;
        var known = IsCode(status.Exception?.Name, out var code);
        return new FlowError(known ? code : FlowErrorCode.Internal, status.Message.Length > 0 ? status.Message : "no reason given")
        {
            ExceptionName = known ? null : thrown?.Name,
            Executor = routes?.FirstOrDefault(route => route.Status is { Code: not 0 })?.Executor
                ?? (thrown?.Executor is { Length: > 0 } executor ? executor : null),
            Details = thrown is { Stacks.Count: > 0 } ? new ExceptionDetails(thrown.Args, thrown.Stacks, thrown.Executor) : null,
        };
    }

    /// <summary>Tells whether the name of an exception is one of FlowKit's codes; an enum would take a number for one.</summary>
    public static bool IsCode(string? name, out FlowErrorCode code) =>
        Enum.TryParse(name, out code) && Enum.IsDefined(code) && code.ToString() == name;

    /// <summary>Returns the error code for a status; 0 stands for no status at all.</summary>
    public static FlowErrorCode CodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.UnprocessableEntity =>
            FlowErrorCode.InvalidArgument,
        HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized => FlowErrorCode.PermissionDenied,
        HttpStatusCode.NotFound => FlowErrorCode.NotFound,
        HttpStatusCode.RequestEntityTooLarge => FlowErrorCode.PayloadTooLarge,
        HttpStatusCode.TooManyRequests or HttpStatusCode.InsufficientStorage => FlowErrorCode.ResourceExhausted,
        HttpStatusCode.ServiceUnavailable or 0 => FlowErrorCode.Unavailable,
        HttpStatusCode.GatewayTimeout => FlowErrorCode.DeadlineExceeded,
        _ => FlowErrorCode.Internal,
    };

    private static string Explain(byte[] body)
    {
        try
        {
            var json = JsonNode.Parse(body);
            return json?["header"]?["status"]?["description"]?.GetValue<string>()
                ?? (json?["detail"] is JsonArray details
                    ? string.Join("; ", details.Select(detail => detail?["msg"]))
                    : json?["detail"]?.ToString())
                ?? "no reason given";
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return "no reason given";
        }
    }
}
