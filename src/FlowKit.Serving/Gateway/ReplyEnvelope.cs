using System.Text.Json.Nodes;
using FlowKit.Runtime;
using FlowKit.Wire;

namespace FlowKit.Serving.Gateway;

/// <summary>Makes Jina's message of a flow's reply.</summary>
internal static class ReplyEnvelope
{
    /// <summary>As in Jina the target is not repeated. The results go into a copy: an executor that is late may still be reading the parameters.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="reply">The answer.</param>
    /// <param name="requestId">Its id; <see langword="null"/> for a new one.</param>
    public static DataRequest Of(DataRequest request, FlowResponse reply, string? requestId = null)
    {
        var parameters = request.Parameters;
        if (reply.Results is { } results)
        {
            parameters = new Parameters((JsonObject)parameters.Values.DeepClone());
            parameters.Values[Parameters.ResultsKey] = results;
        }

        return new DataRequest
        {
            RequestId = requestId ?? NewId.Next(),
            ExecEndpoint = request.ExecEndpoint,
            Status = reply.Error is null ? null : WireStatus.Of(reply.Error),
            Parameters = parameters,
            Routes = [.. reply.Routes.Select(route => new WireRoute(route.Executor, route.Start, route.End, route.Error is null ? null : WireStatus.Of(route.Error)))],
            Documents = reply.Documents,
            AlwaysWritten = DataRequestFields.ExecEndpoint | DataRequestFields.TargetExecutor | DataRequestFields.Parameters,
        };
    }

    /// <summary>What is told when no executor answers an endpoint. It is the gateway's own error only when the gateway is strict.</summary>
    public static FlowError UnknownEndpoint(FlowRuntime flow, string endpoint, bool isStrict)
    {
        var known = flow.Endpoints.Keys.Order(StringComparer.Ordinal);
        return new FlowError(FlowErrorCode.NotFound, $"No executor of this flow answers '{endpoint}'. It answers {string.Join(", ", known)}.")
        {
            Executor = isStrict ? null : "gateway",
        };
    }
}
