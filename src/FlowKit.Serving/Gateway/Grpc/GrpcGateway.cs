using FlowKit.Components;
using FlowKit.Configuration.Gateway;
using FlowKit.Runtime;
using FlowKit.Serving.Grpc;
using FlowKit.Wire;
using FlowKit.Wire.Grpc.Jina;
using FlowKit.Wire.Protos.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Gateway.Grpc;

/// <summary>Jina's gateway services before a running flow.</summary>
internal sealed class GrpcGateway(FlowRuntime flow, GatewayConfig config, IJinaCalls calls)
{
    /// <summary>Answers gRPC when a port of the gateway speaks it.</summary>
    public static void Use(IApplicationBuilder app, FlowRuntime flow, GatewayConfig config, ILoggerFactory loggers)
    {
        if (!config.Ports.Any(port => port.IsGrpc))
        {
            return;
        }

        var server = GrpcServer.Of(app, config, loggers);
        var gateway = new GrpcGateway(flow, config, new FlowCalls(flow, config, loggers.CreateLogger<FlowCalls>()));
        gateway.AddTo(server);
        GrpcPort.Use(app, server);
    }

    /// <summary>Adds the services that gateways and workers have.</summary>
    public void AddTo(GrpcServer server)
    {
        var methods = new JinaDocumentMethods(JinaDocumentMethods.DialectOf(config.DocArrayVersion), () => !flow.ReadsDocuments);
        server.Add(methods.Call, CallAsync);
        server.Add(methods.ProcessSingleData, ProcessAsync);
        server.Add(methods.StreamDoc, StreamAsync);
        server.AddUnary(JinaMethods.EndpointDiscovery, (_, _) => ValueTask.FromResult(Endpoints()));
        server.AddUnary(JinaMethods.DryRun, async (_, call) => await DryRunAsync(call));
        server.AddUnary(JinaMethods.Status, (_, _) => ValueTask.FromResult(GatewayVersions.Read()));
        new HealthService(flow, server).AddTo(server);
        new ReflectionService(server).AddTo(server);
    }

    private async Task CallAsync(GrpcServerCall<JinaMessage, JinaMessage> call)
    {
        using var session = new CallSession(flow, config, calls, call);
        await session.RunAsync();
    }

    /// <summary>What is refused is refused before it is read.</summary>
    private async Task ProcessAsync(GrpcServerCall<JinaMessage, JinaMessage> call)
    {
        if (!flow.TryAdmit(out var permit, out var refusal))
        {
            throw FlowCalls.Refused(refusal);
        }

        using var place = permit;
        call.Answer(await calls.AnswerAsync(await call.ReadSingleAsync(), permit, call));
    }

    /// <summary>Each document goes out as it comes, under an id of its own, as in Jina.</summary>
    private async Task StreamAsync(GrpcServerCall<JinaMessage, JinaMessage> call)
    {
        if (!flow.TryAdmit(out var permit, out var refusal))
        {
            throw FlowCalls.Refused(refusal);
        }

        using var place = permit;
        var message = await call.ReadSingleAsync();
        try
        {
            await foreach (var document in flow.StreamAsync(calls.CallOf(message.Request, call), permit, call.CancellationToken))
            {
                var reply = new DataRequest { RequestId = NewId.Next(), Documents = [document], AlwaysWritten = DataRequestFields.None };
                await call.WriteAsync(new JinaMessage(reply, message.Dialect));
            }
        }
        catch (FlowKitException exception)
        {
            calls.Note(message.Request.ExecEndpoint, exception.Error);
            throw FlowCalls.Refused(exception.Error);
        }
    }

    private EndpointsProto Endpoints()
    {
        var endpoints = new EndpointsProto();
        endpoints.Endpoints.Add(flow.Endpoints.Keys.Append(EndpointTable.DryRun).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        return endpoints;
    }

    private async Task<StatusProto> DryRunAsync(GrpcServerCall call)
    {
        var reply = await flow.SendAsync(new FlowRequest(EndpointTable.DryRun, [new Document()]) { Timeout = call.TimeLeft }, call.CancellationToken);
        if (reply.Error is not { } error)
        {
            return new StatusProto();
        }

        var status = WireStatus.Of(error);
        return new StatusProto
        {
            Code = StatusProto.Types.StatusCode.Error,
            Description = status.Description,
            Exception = new StatusProto.Types.ExceptionProto { Name = status.Exception!.Name, Args = { status.Exception.Args }, Executor = status.Exception.Executor },
        };
    }
}
