using System.Runtime.CompilerServices;
using FlowKit.Wire;

namespace FlowKit.Client;

/// <summary>Carries out a post: cuts its documents into requests, keeps some of them under way, and returns their replies.</summary>
/// <param name="transport">The connection to the gateway.</param>
/// <param name="on">The endpoint.</param>
/// <param name="options">The options of the post.</param>
/// <param name="time">Time.</param>
internal sealed class Posting(IFlowTransport transport, string on, PostOptions options, TimeProvider time)
{
    private readonly Retries _retries = new(options, time);
    private int _answered;

    public static DataRequest Request(string on, DocumentArray documents, PostOptions options) => new()
    {
        RequestId = NewId.Next(),
        ExecEndpoint = on,
        Documents = documents,
        Parameters = options.Parameters,
        TargetExecutor = options.TargetExecutor,
    };

    /// <summary>Posts documents as they come.</summary>
    public async IAsyncEnumerable<DataRequest> RunAsync(
        IAsyncEnumerable<Document> inputs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var underWay = new List<Task<DataRequest>>();
        try
        {
            await foreach (var documents in CutAsync(inputs, cancellationToken))
            {
                underWay.Add(SendAsync(documents, left.Token));
                if (underWay.Count >= options.Prefetch)
                {
                    yield return await NextAsync(underWay);
                }
            }

            while (underWay.Count > 0)
            {
                yield return await NextAsync(underWay);
            }
        }
        finally
        {
            await left.CancelAsync();
            await Task.WhenAll((IEnumerable<Task>)underWay).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Posts documents as one request.</summary>
    public async Task<DataRequest> SendAsync(DocumentArray documents, CancellationToken cancellationToken)
    {
        var request = Request(on, documents, options);
        try
        {
            return Tell(
                await _retries.RunAsync(() => transport.SendAsync(request, options.Timeout, cancellationToken), cancellationToken),
                documents.Count);
        }
        catch (FlowKitException exception) when (options.ContinueOnError)
        {
            var refused = new DataRequest
            {
                RequestId = request.RequestId,
                ExecEndpoint = on,
                Documents = documents,
                Status = WireStatus.Of(exception.Error),
            };
            return Tell(refused, documents.Count);
        }
    }

    private async Task<DataRequest> NextAsync(List<Task<DataRequest>> underWay)
    {
        var next = options.ResultsInOrder ? underWay[0] : await Task.WhenAny(underWay);
        underWay.Remove(next);
        return await next;
    }

    private async IAsyncEnumerable<DocumentArray> CutAsync(
        IAsyncEnumerable<Document> inputs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var part = new DocumentArray();
        await foreach (var document in inputs.WithCancellation(cancellationToken))
        {
            part.Add(document);
            if (part.Count >= options.RequestSize)
            {
                yield return part;
                part = [];
            }
        }

        if (part.Count > 0)
        {
            yield return part;
        }
    }

    private DataRequest Tell(DataRequest reply, int documents)
    {
        (reply.Status is { Code: not 0 } ? options.OnError : options.OnDone)?.Invoke(reply);
        options.OnAlways?.Invoke(reply);
        options.Progress?.Report(Interlocked.Add(ref _answered, documents));
        return reply;
    }
}
