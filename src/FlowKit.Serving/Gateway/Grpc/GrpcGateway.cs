using System.Text.Json.Nodes;
using FlowKit.Components;
using FlowKit.Configuration.Gateway;
using FlowKit.Runtime;
using FlowKit.Serving.Dispatch;
using FlowKit.Serving.Grpc;
using FlowKit.Wire;
using FlowKit.Wire.Grpc.Jina;
using FlowKit.Wire.Protos.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Health.V1;

namespace FlowKit.Serving.Gateway.Grpc;

/// <summary>Jina's gateway services before a running flow.</summary>
internal sealed class GrpcGateway(FlowRuntime flow, GatewayConfig config, IJinaCalls calls) : IFlowProtocol
{
    /// <summary>Adds the services that gateways and workers have.</summary>
    /// <param name="binder">Where to; nothing is added after them.</param>
    public void AddTo(GrpcMethodBinder binder)
    {
        var methods = new JinaDocumentMethods(JinaDocumentMethods.DialectOf(config.DocArrayVersion), () => !flow.ReadsDocuments);
        binder.Admission = new GrpcAdmission(flow);
        binder.AddUnary(methods.ProcessSingleData, ProcessAsync);
        binder.AddMethod(methods.StreamDoc, StreamAsync);
        binder.Admission = new GrpcAdmission(flow, IsStream: true);
        binder.AddMethod(methods.Call, (requests, replies, call) => CallAsync(requests, replies, new GrpcCaller(call), binder.Stopping));
        binder.Admission = null;
        binder.AddUnary(JinaMethods.EndpointDiscovery, (_, _) => Task.FromResult(Endpoints()));
        binder.AddUnary(JinaMethods.DryRun, DryRunAsync);
        binder.AddUnary(JinaMethods.Status, (_, _) => Task.FromResult(GatewayVersions.Read()));
        Health.BindService(binder, new HealthService(flow, binder.Services, binder.Stopping));
        ReflectionServices.AddTo(binder);
    }

    private async Task CallAsync(
        IAsyncStreamReader<JinaMessage> requests, IServerStreamWriter<JinaMessage> replies, GrpcCaller caller, CancellationToken stopping)
    {
        using var session = new CallSession(flow, config, calls, caller, replies);
        await session.RunAsync(requests, stopping);
    }

    private async Task<JinaMessage> ProcessAsync(JinaMessage message, ServerCallContext call)
    {
        var caller = new GrpcCaller(call);
        return await calls.AnswerAsync(message, caller.Permit, caller);
    }

    /// <summary>Each document goes out as it comes, with the request's own id, endpoint and the hops until then.</summary>
    public async Task StreamAsync(JinaMessage message, IServerStreamWriter<JinaMessage> replies, ServerCallContext call)
    {
        var caller = new GrpcCaller(call);
        var request = calls.CallOf(message.Request, caller);
        try
        {
            var id = string.IsNullOrEmpty(message.Request.RequestId) ? NewId.Next() : message.Request.RequestId;
            await foreach (var streamed in flow.StreamWithRoutesAsync(request, caller.Permit, caller.CancellationToken))
            {
                var reply = new DataRequest
                {
                    RequestId = id,
                    ExecEndpoint = message.Request.ExecEndpoint,
                    Routes = WireRoutes.Of(streamed.Routes, WireStatus.Of),
                    Documents = [streamed.Document],
                    AlwaysWritten = DataRequestFields.ExecEndpoint,
                };
                await replies.WriteAsync(new JinaMessage(reply, message.Dialect), caller.CancellationToken);
            }
        }
        catch (FlowKitException exception)
        {
            calls.Note(request, exception.Error);
            await replies.WriteAsync(
                calls.EndOf(message, exception.Error) ?? throw GrpcErrors.Of(exception.Error), caller.CancellationToken);
        }
    }

    private EndpointsProto Endpoints()
    {
        var endpoints = new EndpointsProto();
        var names = flow.Endpoints.Keys.Append(EndpointTable.DryRun).Distinct(StringComparer.Ordinal);
        endpoints.Endpoints.Add(names.Order(StringComparer.Ordinal));
        endpoints.WriteEndpoints.Add(endpoints.Endpoints.Where(flow.Writes));
        endpoints.Schemas = Struct.Parser.ParseJson(new JsonObject(flow.Schemas.Select(
            pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value.ToJson()))).ToJsonString());
        return endpoints;
    }

    private async Task<StatusProto> DryRunAsync(Empty request, ServerCallContext call)
    {
        var dryRun = new FlowRequest(EndpointTable.DryRun, [new Document()]) { Timeout = new GrpcCaller(call).TimeLeft };
        var reply = await flow.SendAsync(dryRun, call.CancellationToken);
        if (reply.Error is not { } error)
        {
            return new StatusProto();
        }

        var status = WireStatus.Of(error);
        return new StatusProto
        {
            Code = StatusProto.Types.StatusCode.Error,
            Description = status.Message,
            Exception = new StatusProto.Types.ExceptionProto
            {
                Name = status.Exception!.Name,
                Args = { status.Exception.Args },
                Stacks = { status.Exception.Stacks },
                Executor = status.Exception.Executor,
            },
        };
    }
}
