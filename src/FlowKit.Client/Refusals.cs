using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit.Client;

/// <summary>Makes an error of a status that is not 200, with the words and the time to wait that come with it.</summary>
internal static class Refusals
{
    public static async Task<FlowError> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return new FlowError(CodeOf(response.StatusCode), $"{(int)response.StatusCode}: {Explain(body)}") { RetryAfter = response.Headers.RetryAfter?.Delta };
    }

    private static FlowErrorCode CodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.UnprocessableEntity => FlowErrorCode.InvalidArgument,
        HttpStatusCode.Forbidden => FlowErrorCode.PermissionDenied,
        HttpStatusCode.NotFound => FlowErrorCode.NotFound,
        HttpStatusCode.RequestEntityTooLarge => FlowErrorCode.PayloadTooLarge,
        HttpStatusCode.TooManyRequests => FlowErrorCode.ResourceExhausted,
        HttpStatusCode.ServiceUnavailable => FlowErrorCode.Unavailable,
        HttpStatusCode.GatewayTimeout => FlowErrorCode.DeadlineExceeded,
        _ => FlowErrorCode.Internal,
    };

    private static string Explain(byte[] body)
    {
        try
        {
            var json = JsonNode.Parse(body);
            return json?["header"]?["status"]?["description"]?.GetValue<string>()
                ?? (json?["detail"] is JsonArray details ? string.Join("; ", details.Select(detail => detail?["msg"])) : json?["detail"]?.ToString())
                ?? "no reason given";
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return "no reason given";
        }
    }
}
