using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using FlowKit.Components;
using FlowKit.Configuration;
using FlowKit.Runtime;
using FlowKit.Wire;
using FlowKit.Wire.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>Turns an HTTP request into a <see cref="FlowCall"/> and its reply into Jina's JSON.</summary>
internal sealed partial class HttpGateway(FlowRuntime flow, GatewayConfig config, ILogger<HttpGateway> logger)
{
    /// <summary>The request header with which a caller says how long it waits.</summary>
    public const string TimeoutHeader = "X-Request-Timeout-Ms";

    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>Answers <c>/post</c> and the CRUD routes.</summary>
    /// <param name="context">The HTTP exchange.</param>
    /// <param name="endpoint">The route's own endpoint, or <see langword="null"/> for the one the body names.</param>
    public async Task PostAsync(HttpContext context, string? endpoint)
    {
        var options = ReplyOptions.Read(context.Request);
        var timeout = ReadTimeout(context.Request);
        var request = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        request.ExecEndpoint = endpoint ?? request.ExecEndpoint;
        var reply = flow.Answers(request.ExecEndpoint)
            ? await flow.SendAsync(new FlowCall(request.ExecEndpoint, request.Documents) { Parameters = request.Parameters, TargetExecutor = request.TargetExecutor, Timeout = timeout }, context.RequestAborted)
            : new FlowReply(request.Documents, UnknownEndpoint(request.ExecEndpoint), [], null);
        if (reply.Error is { Code: not FlowErrorCode.Cancelled } error)
        {
            Log.RequestFailed(logger, request.ExecEndpoint, error.Executor ?? "gateway", error.Message);
        }

        await WriteAsync(context, request, reply, options);
    }

    /// <summary>Answers <c>/dry_run</c>: always 200, the code inside, as Jina does.</summary>
    public async Task DryRunAsync(HttpContext context)
    {
        var reply = await flow.SendAsync(new FlowCall(EndpointTable.DryRun, [new Document()]), context.RequestAborted);
        context.Response.ContentType = "application/json";
        DataRequestJsonWriter.WriteStatus(context.Response.BodyWriter, reply.Error is null ? new WireStatus(0, "") : WireStatus.Of(reply.Error));
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>Answers <c>/status</c>: Jina's two maps and what is happening now.</summary>
    public Task StatusAsync(HttpContext context) => context.Response.WriteAsJsonAsync(
        new JsonObject
        {
            ["jina"] = new JsonObject
            {
                ["flowkit"] = typeof(HttpGateway).Assembly.GetName().Version!.ToString(3),
                ["dotnet"] = Environment.Version.ToString(),
                ["platform"] = Environment.OSVersion.Platform.ToString(),
                ["architecture"] = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString(),
                ["uptime"] = Stopwatch.GetElapsedTime(_started).ToString("c", CultureInfo.InvariantCulture),
            },
            ["envs"] = new JsonObject(),
            ["flow"] = new JsonObject
            {
                ["in_flight"] = flow.InFlight,
                ["queues"] = new JsonObject(flow.QueueDepths.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
                ["endpoints"] = new JsonObject(flow.Endpoints.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)new JsonArray([.. pair.Value.Select(name => (JsonNode?)name)])))),
            },
        },
        context.RequestAborted);

    private static async Task WriteAsync(HttpContext context, DataRequest request, FlowReply reply, JsonWireOptions options)
    {
        using var buffer = new ReplyBuffer();
        WriteReply(buffer, ToWire(request, reply), options);
        if (reply.Error?.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        context.Response.StatusCode = HttpErrors.StatusOf(reply.Error);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = buffer.Written.Length;
        await context.Response.BodyWriter.WriteAsync(buffer.Written, context.RequestAborted);
    }

    private static void WriteReply(ReplyBuffer buffer, DataRequest reply, JsonWireOptions options)
    {
        try
        {
            DataRequestJsonWriter.WriteReply(buffer, reply, options);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            throw new FlowKitException(FlowErrorCode.Internal, $"What the flow answers cannot be written as JSON (NaN in tags, or text that is not Unicode): {exception.Message}", exception);
        }
    }

    /// <summary>As in Jina the target is not repeated. The results go into a copy: an executor that is late may still be reading the parameters.</summary>
    private static DataRequest ToWire(DataRequest request, FlowReply reply)
    {
        var parameters = request.Parameters;
        if (reply.Results is { } results)
        {
            parameters = new Parameters((JsonObject)parameters.Values.DeepClone());
            parameters.Values[Parameters.ResultsKey] = results;
        }

        return new DataRequest
        {
            RequestId = Guid.NewGuid().ToString("N"),
            ExecEndpoint = request.ExecEndpoint,
            Status = reply.Error is null ? null : WireStatus.Of(reply.Error),
            Parameters = parameters,
            Routes = [.. reply.Routes.Select(route => new WireRoute(route.Executor, route.Start, route.End, route.Error is null ? null : WireStatus.Of(route.Error)))],
            Documents = reply.Documents,
        };
    }

    private FlowError UnknownEndpoint(string endpoint)
    {
        var known = flow.Endpoints.Keys.Order(StringComparer.Ordinal);
        return new FlowError(FlowErrorCode.NotFound, $"No executor of this flow answers '{endpoint}'. It answers {string.Join(", ", known)}.")
        {
            Executor = config.Strict ? null : "gateway",
        };
    }

    private static TimeSpan? ReadTimeout(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(TimeoutHeader, out var text))
        {
            return null;
        }

        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds is > 0 and < int.MaxValue
            ? TimeSpan.FromMilliseconds(milliseconds)
            : throw new FlowKitException(FlowErrorCode.InvalidArgument, $"{TimeoutHeader}: '{text}' is not a number of milliseconds above 0.");
    }

    private static partial class Log
    {
        [LoggerMessage(301, LogLevel.Warning, "{Endpoint} failed in {Executor}: {Message}")]
        public static partial void RequestFailed(ILogger logger, string endpoint, string executor, string message);
    }
}
