using FlowKit.Client;
using FlowKit.Components;
using FlowKit.Runtime;
using FlowKit.Serving.Dispatch;
using FlowKit.Wire;

namespace FlowKit.Hosting;

/// <summary>Posts to a flow of this process: the documents themselves go through it, nothing is copied or encoded.</summary>
internal sealed class InProcessTransport(FlowRuntime flow, FlowDispatcher dispatcher) : IFlowTransport
{
    public async Task<DataRequest> SendAsync(DataRequest request, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        using var permit = Admit();
        var call = dispatcher.RequestOf(request, caller: null, Priority.Normal, timeout);
        var reply = await dispatcher.SendAsync(request, call, permit, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return reply.Error is { } error && !FlowDispatcher.IsAnswer(error)
            ? throw new FlowKitException(error)
            : FlowDispatcher.Answer(request, reply, request.RequestId);
    }

    public async IAsyncEnumerable<Document> StreamAsync(
        DataRequest request,
        TimeSpan? timeout,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var permit = Admit();
        var call = dispatcher.RequestOf(request, caller: null, Priority.Normal, timeout);
        await foreach (var document in flow.StreamAsync(call, permit, cancellationToken))
        {
            yield return document;
        }
    }

    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        var reply = await flow.SendAsync(new FlowRequest(EndpointTable.DryRun, [new Document()]), cancellationToken);
        return reply.Error is null;
    }

    public Task<IReadOnlySet<string>?> GetEndpointsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlySet<string>?>(flow.Endpoints.Keys.ToHashSet(StringComparer.Ordinal));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private AdmissionPermit Admit() => flow.TryAdmit(out var permit, out var refusal) ? permit : throw new FlowKitException(refusal);
}
