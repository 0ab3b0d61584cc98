using FlowKit.Components;

namespace FlowKit.Runtime;

/// <summary>One running instance of an executor with its bound methods.</summary>
internal sealed class ExecutorReplica(Executor executor, EndpointTable endpoints)
{
    private volatile bool _busy;

    public Executor Executor { get; } = executor;

    public EndpointTable Endpoints { get; } = endpoints;

    /// <summary>Whether a call runs in it: an executor must not be disposed under its own feet.</summary>
    public bool IsBusy => _busy;

    public async ValueTask<object?> InvokeAsync(EndpointMethod endpoint, DocumentArray documents, Parameters parameters, CancellationToken cancellationToken)
    {
        _busy = true;
        try
        {
            return await endpoint.InvokeAsync(Executor, documents, parameters, cancellationToken);
        }
        finally
        {
            _busy = false;
        }
    }
}
