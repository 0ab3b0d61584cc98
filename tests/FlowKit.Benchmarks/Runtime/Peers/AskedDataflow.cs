using System.Threading.Tasks.Dataflow;

namespace FlowKit.Benchmarks.Runtime;

/// <summary>The peer: TPL Dataflow blocks with bounded capacity that answer each request.</summary>
internal sealed class AskedDataflow : IAsyncDisposable
{
    private const int Capacity = 1024;
    private readonly ITargetBlock<AskedRequest> _first;
    private readonly ActionBlock<AskedRequest> _last;

    public AskedDataflow(int stages)
    {
        var options = new ExecutionDataflowBlockOptions { BoundedCapacity = Capacity };
        var blocks = Enumerable.Range(0, stages - 1).Select(_ => new TransformBlock<AskedRequest, AskedRequest>(request => request, options)).ToArray();
        _last = new ActionBlock<AskedRequest>(request => request.Answer(), options);
        _first = stages > 1 ? blocks[0] : _last;
        for (var i = 0; i < blocks.Length; i++)
        {
            ITargetBlock<AskedRequest> next = i + 1 < blocks.Length ? blocks[i + 1] : _last;
            blocks[i].LinkTo(next, new DataflowLinkOptions { PropagateCompletion = true });
        }
    }

    /// <summary>Sends a request and waits for its answer.</summary>
    public async ValueTask SendAsync(DocumentArray documents)
    {
        var request = new AskedRequest(documents);
        if (!_first.Post(request))
        {
            await _first.SendAsync(request).ConfigureAwait(false);
        }

        await request.Reply.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _first.Complete();
        await _last.Completion;
    }
}
