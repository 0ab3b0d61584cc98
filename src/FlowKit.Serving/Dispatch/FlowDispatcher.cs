using System.Text.Json.Nodes;
using FlowKit.Configuration.Gateway;
using FlowKit.Runtime;
using FlowKit.Serving.Gateway.Queue;
using FlowKit.Serving.Gateway.Security;
using FlowKit.Telemetry;
using FlowKit.Wire;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Dispatch;

/// <summary>
/// The one way into a flow for every protocol: a permit before anything is read (<see cref="FlowRuntime.TryAdmit"/>), a request made of the
/// message, a word on endpoints that nobody has, and Jina's message made of the response.
/// </summary>
/// <param name="flow">The flow.</param>
/// <param name="config">The gateway's configuration.</param>
/// <param name="logger">Told of what failed.</param>
/// <param name="queue">The queue in front of the flow; <see langword="null"/> where there is none.</param>
internal sealed partial class FlowDispatcher(
    FlowRuntime flow, GatewayConfig config, ILogger<FlowDispatcher> logger, RequestQueue? queue = null)
{
    /// <summary>Makes the flow's request of a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="caller">Who asks; <see langword="null"/> where the flow has no keys.</param>
    /// <param name="priority">How it stands in line.</param>
    /// <param name="timeout">How long the caller waits; <see langword="null"/> for the gateway's own limit.</param>
    /// <exception cref="FlowKitException">The caller's key does not allow it.</exception>
    public FlowRequest RequestOf(DataRequest message, Caller? caller, Priority priority, TimeSpan? timeout)
    {
        caller?.Require(flow.Writes(message.ExecEndpoint) ? ApiKeyScopes.Write : ApiKeyScopes.Read, message.ExecEndpoint);
        return new FlowRequest(message.ExecEndpoint, message.Documents)
        {
            AcceptsFormat = message.Format,
            Parameters = message.Parameters,
            TargetExecutor = message.TargetExecutor,
            Priority = priority,
            Timeout = timeout ?? flow.TimeoutSend,
        };
    }

    /// <summary>Sends a request that has its permit.</summary>
    public Task<FlowResponse> SendAsync(
        DataRequest message, FlowRequest request, AdmissionPermit permit, CancellationToken cancellationToken) =>
        Takes(request.Endpoint)
            ? NoteAsync(request, IsQueued(request.Endpoint)
                ? queue!.StoreAsync(message, request, cancellationToken)
                : flow.SendAsync(request, permit, cancellationToken))
            : Task.FromResult(Unknown(message));

    /// <summary>Tells whether requests to an endpoint are stored first, and answered as soon as they are.</summary>
    public bool IsQueued(string endpoint) => queue?.Takes(endpoint) == true;

    /// <summary>
    /// Tells whether an endpoint goes through the flow. As in Jina one that nobody answers does too, and comes back as it went; a strict
    /// gateway refuses it.
    /// </summary>
    public bool Takes(string endpoint)
    {
        if (flow.Answers(endpoint))
        {
            return true;
        }

        if (!config.Strict)
        {
            PassedEndpoints.Tell(flow, endpoint, logger);
        }

        return !config.Strict;
    }

    /// <summary>Logs a failure, unless the caller has gone.</summary>
    public void Note(FlowRequest request, FlowError? error)
    {
        if (error is { Code: not FlowErrorCode.Cancelled })
        {
            Log.RequestFailed(logger, request.Endpoint, error.Executor ?? "gateway", error.Message);
        }
    }

    /// <summary>
    /// Tells whether a failure stands inside the answer, as what an executor throws does; everything else is a refusal of the call itself.
    /// </summary>
    public static bool IsAnswer(FlowError error) =>
        error is { Executor: not null, Code: not (FlowErrorCode.Unavailable or FlowErrorCode.DeadlineExceeded) };

    /// <summary>Makes Jina's message of a response. As in Jina the target is not repeated.</summary>
    /// <param name="message">What was asked.</param>
    /// <param name="reply">The response.</param>
    /// <param name="requestId">Its id; <see langword="null"/> for a new one.</param>
    public static DataRequest Answer(DataRequest message, FlowResponse reply, string? requestId = null)
    {
        var parameters = message.Parameters;
        if (reply.Results is { } results)
        {
            // Into a copy: an executor that is late may still be reading the parameters.
            parameters = new Parameters((JsonObject)parameters.Values.DeepClone());
            parameters.Values[Parameters.ResultsKey] = results;
        }

        return new DataRequest
        {
            RequestId = requestId ?? NewId.Next(),
            ExecEndpoint = message.ExecEndpoint,
            Status = reply.Error is null ? null : WireStatus.Of(reply.Error),
            Parameters = parameters,
            Routes = WireRoutes.Of(reply.Routes, WireStatus.Of),
            Documents = reply.Documents,
            AlwaysWritten = DataRequestFields.ExecEndpoint | DataRequestFields.TargetExecutor | DataRequestFields.Parameters,
        };
    }

    /// <summary>The refusal of an endpoint that no executor answers, by a strict gateway.</summary>
    private FlowResponse Unknown(DataRequest message)
    {
        var error = new FlowError(
            FlowErrorCode.NotFound, $"No executor of this flow answers '{message.ExecEndpoint}'. {PassedEndpoints.Known(flow)}");
        return new FlowResponse(message.Documents, error, [], null);
    }

    private Task<FlowResponse> NoteAsync(FlowRequest request, Task<FlowResponse> sending)
    {
        return sending.IsCompletedSuccessfully && sending.GetAwaiter().GetResult().Error is null ? sending : SlowAsync();

        async Task<FlowResponse> SlowAsync()
        {
            var reply = await sending;
            Note(request, reply.Error);
            return reply;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.RequestFailed, LogLevel.Warning, "{Endpoint} failed in {Executor}: {Message}")]
        public static partial void RequestFailed(ILogger logger, string endpoint, string executor, string message);
    }
}
