using System.Text.Json.Nodes;
using FlowKit.Components;
using FlowKit.Configuration.Flow;
using FlowKit.Runtime;
using FlowKit.Serving.Dispatch;
using FlowKit.Serving.Gateway.Grpc;
using FlowKit.Serving.Grpc;
using FlowKit.Wire;
using FlowKit.Wire.Grpc;
using FlowKit.Wire.Grpc.Jina;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Worker;

/// <summary>
/// A worker's way, as Jina's gateway expects it: the request comes back with the documents, one route more, and what the executor threw in
/// the header, which the trailer <c>is-error</c> tells as well. Whatever it does not answer passes through it.
/// </summary>
internal sealed class WorkerCalls(FlowRuntime flow, string name, FlowCalls calls) : IJinaCalls
{
    public static WorkerCalls Of(FlowRuntime flow, FlowConfig config, ILoggerFactory loggers)
    {
        var dispatcher = new FlowDispatcher(flow, config.Gateway, loggers.CreateLogger<FlowDispatcher>());
        return new WorkerCalls(flow, config.Executors[0].Name, new FlowCalls(flow, dispatcher));
    }

    /// <summary>The target was the gateway's to heed, and so is a parameter that nobody reads: others on its way may.</summary>
    public FlowRequest CallOf(DataRequest request, ICaller caller) =>
        calls.CallOf(request, caller) with { TargetExecutor = "", IsPartOfOther = true };

    public async Task<FlowResponse> InvokeAsync(
        DataRequest request, AdmissionPermit permit, ICaller caller, CancellationToken cancellationToken)
    {
        if (!flow.Answers(request.ExecEndpoint) && request.ExecEndpoint != EndpointTable.DryRun)
        {
            return new FlowResponse(request.Documents, null, [], null);
        }

        var call = CallOf(request, caller);
        var reply = await flow.SendAsync(call, permit, cancellationToken);
        Note(call, reply.Error);
        return reply;
    }

    public JinaMessage Answer(JinaMessage message, FlowResponse reply, ICaller caller)
    {
        var request = message.Request;
        if (reply.Error is { } error)
        {
            caller.SayError();
            request.Status = WireStatus.Of(error);
        }
        else if (reply.Routes.Count > 0)
        {
            request.Documents = reply.Documents;
            request.Routes = [.. request.Routes, new WireRoute(name, null, null)];
        }

        if (reply.Results is { } results)
        {
            var parameters = (JsonObject)request.Parameters.Values.DeepClone();
            parameters[Parameters.ResultsKey] = results;
            request.Parameters = new Parameters(parameters);
            request.AlwaysWritten |= DataRequestFields.Parameters;
        }

        request.AlwaysWritten |= DataRequestFields.Documents;
        return new JinaMessage(request, message.Dialect);
    }

    /// <summary>As in Jina, what an executor threw is told in a reply, with all that is known of it.</summary>
    public JinaMessage? EndOf(JinaMessage message, FlowError error) => !FlowDispatcher.IsAnswer(error)
        ? null
        : new JinaMessage(
            new DataRequest
            {
                RequestId = message.Request.RequestId,
                ExecEndpoint = message.Request.ExecEndpoint,
                Status = WireStatus.Of(error),
                AlwaysWritten = DataRequestFields.ExecEndpoint,
            },
            message.Dialect);

    public void Note(FlowRequest call, FlowError? error) => calls.Note(call, error);

    /// <summary>Answers the parts of several executors as one request, whose header is that of the first.</summary>
    /// <exception cref="RpcException">There are none, or the failure is not one that is told inside an answer.</exception>
    public async Task<JinaMessage> AnswerAsync(JinaMessageList parts, AdmissionPermit permit, ICaller caller)
    {
        if (parts.Requests is not [var first, ..])
        {
            throw RpcErrors.Create(StatusCode.InvalidArgument, "requests: at least one part is expected.");
        }

        var matrix = new PartMatrix([.. parts.Requests.Select(NameOf)], [.. parts.Requests.Select(part => part.Documents)]);
        first.Documents = new DocumentArray(matrix.Parts.SelectMany(documents => documents));
        var call = CallOf(first, caller) with { Parts = matrix };
        var reply = flow.Answers(call.Endpoint)
            ? await flow.SendAsync(call, permit, caller.CancellationToken)
            : new FlowResponse(first.Documents, null, [], null);
        Note(call, reply.Error);
        return Answer(new JinaMessage(first, parts.Dialect), FlowCalls.Check(reply), caller);
    }

    /// <summary>Names where a part comes from: the last executor that it was at.</summary>
    private static string NameOf(DataRequest part) => part.Routes.Count > 0 ? part.Routes[^1].Executor : "gateway";
}
