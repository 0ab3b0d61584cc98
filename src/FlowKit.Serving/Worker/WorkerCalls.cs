using System.Text.Json.Nodes;
using FlowKit.Components;
using FlowKit.Runtime;
using FlowKit.Serving.Gateway.Grpc;
using FlowKit.Serving.Grpc;
using FlowKit.Wire;
using FlowKit.Wire.Grpc.Jina;

namespace FlowKit.Serving.Worker;

/// <summary>
/// A worker's way, as Jina's gateway expects it: the request comes back with the documents, one route more, and what the executor threw in
/// the header, which the trailer <c>is-error</c> tells as well. Whatever it does not answer passes through it.
/// </summary>
internal sealed class WorkerCalls(FlowRuntime flow, string name, FlowCalls calls) : IJinaCalls
{
    private const string IsError = "is-error";

    /// <summary>The target was the gateway's to heed.</summary>
    public FlowCall CallOf(DataRequest request, GrpcServerCall call) => calls.CallOf(request, call) with { TargetExecutor = "" };

    public async Task<FlowReply> AskAsync(DataRequest request, AdmissionPermit permit, GrpcServerCall call, CancellationToken cancellationToken)
    {
        if (!flow.Answers(request.ExecEndpoint) && request.ExecEndpoint != EndpointTable.DryRun)
        {
            return new FlowReply(request.Documents, null, [], null);
        }

        var reply = await flow.SendAsync(CallOf(request, call), permit, cancellationToken);
        calls.Note(request.ExecEndpoint, reply.Error);
        return reply;
    }

    public JinaMessage Answer(JinaMessage message, FlowReply reply, GrpcServerCall call)
    {
        var request = message.Request;
        if (reply.Error is { } error)
        {
            call.Trailers.Add(IsError, "true");
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

    public void Note(string endpoint, FlowError? error) => calls.Note(endpoint, error);
}
