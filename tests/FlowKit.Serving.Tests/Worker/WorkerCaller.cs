using System.Text.Json.Nodes;
using FlowKit.Components;
using FlowKit.Conformance.Protocols;
using FlowKit.Serving.Remote;

namespace FlowKit.Serving.Worker;

/// <summary>Calls a worker as the flow does that it works for.</summary>
internal sealed class WorkerCaller(WorkerClient client) : IProtocolCaller
{
    public async Task<ProtocolAnswer> CallAsync(ProtocolCall call, CancellationToken cancellationToken = default)
    {
        var request = new RequestContext(call.Endpoint, call.Timeout);
        try
        {
            var answer = await client.InvokeAsync(new ExecutorCall(new DocumentArray(call.Documents), call.Parameters, null, request, cancellationToken));
            return new ProtocolAnswer(answer.Documents ?? [], ResultsOf(answer), null);
        }
        catch (FlowKitException exception)
        {
            return ProtocolAnswer.Refused(exception.Error);
        }
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static JsonObject? ResultsOf(ExecutorAnswer answer) =>
        answer.Results is { } results ? new JsonObject(results.Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone()))) : null;
}
