using System.Text.Json.Nodes;
using FlowKit.Components;
using FlowKit.Runtime.Executors.Calls;

namespace FlowKit.Runtime.Executors;

/// <summary>
/// Calls an executor with a batch, and again with its halves when it throws. One document that cannot be taken costs 2·log2(n) calls;
/// when more fail than a few, the rest is given up, so that an executor that takes nothing is not called for each document.
/// </summary>
internal sealed class BisectingBatchInvoker(
    PoolState state,
    Replica replica,
    EndpointMethod method,
    Parameters parameters,
    BatchAnswers answers,
    RequestContext? context,
    CancellationToken cancellationToken)
{
    private int _calls;

    public ValueTask RunAsync(Document[] documents)
    {
        _calls = 6 + (4 * (int)Math.Ceiling(Math.Log2(Math.Max(documents.Length, 1))));
        return RunAsync(documents, 0);
    }

    /// <summary>Each call gets a list of its own: one that throws may have changed it before.</summary>
    private async ValueTask RunAsync(ArraySegment<Document> documents, int start)
    {
        try
        {
            _calls--;
            await CallAsync(new DocumentArray(documents), start).ConfigureAwait(false);
        }
        catch (Exception exception) when (!replica.IsAbandoned)
        {
            if (documents.Count <= 1 || _calls <= 0 || cancellationToken.IsCancellationRequested)
            {
                answers.Fail(start, documents.Count, exception);
                return;
            }

            var half = documents.Count / 2;
            await RunAsync(documents[..half], start).ConfigureAwait(false);
            await RunAsync(documents[half..], start + half).ConfigureAwait(false);
        }
    }

    private DocumentArray Report(ExecutorAnswer answer)
    {
        answers.Results.AddRange(answer.Results.Select(pair => KeyValuePair.Create(state.ResultName(replica, pair.Key), pair.Value)));
        return answer.Documents;
    }

    private async ValueTask CallAsync(DocumentArray documents, int start)
    {
        var count = documents.Count;
        var result = await method.InvokeAsync(
            replica.Executor, new ExecutorCall(documents, parameters, null, context, cancellationToken)).ConfigureAwait(false);
        var answer = result switch
        {
            null => documents,
            IEnumerable<Document> returned => returned as DocumentArray ?? new DocumentArray(returned),
            IAsyncEnumerable<Document> =>
                throw new FlowKitException(FlowErrorCode.Internal, $"'{state.Name}' streams from {method.Name}, which cannot be batched."),
            ExecutorAnswer both => Report(both),
            _ => Report(new ExecutorAnswer(
                documents, new Dictionary<string, JsonNode?> { [state.ResultName(replica)] = EndpointMethod.ToJson(result) })),
        };

        if (answer.Count != count)
        {
            throw new FlowKitException(
                FlowErrorCode.Internal,
                $"'{state.Name}' was given {count} documents in a batch and gave back {answer.Count}: a method with dynamic batching "
                    + $"gives back as many as it gets, in their order.");
        }

        for (var i = 0; i < count; i++)
        {
            answers.Documents[start + i] = answer[i]
                ?? throw new FlowKitException(FlowErrorCode.Internal, $"'{state.Name}' left an empty place in the list of documents.");
        }
    }
}
