using FlowKit.Routing;
using FlowKit.Telemetry;

namespace FlowKit.Runtime;

/// <summary>One call of an executor for the documents of several parts. When it throws, halves are tried, until only those documents have failed that it cannot take.</summary>
internal sealed class BatchCall(ExecutorPool pool, TimeProvider time)
{
    /// <summary>Serves a batch; when the replica is given up meanwhile, the parts with it.</summary>
    public async ValueTask ServeAsync(Replica replica, Batch batch)
    {
        var first = batch.Slices[0].Part;
        if (replica.Endpoints.Find(first.Request.Call.Endpoint) is not { } endpoint)
        {
            await PassByAsync(batch).ConfigureAwait(false);
            return;
        }

        var start = time.GetTimestamp();
        var places = Places(batch);
        var answers = new BatchAnswers(places.Length);
        replica.Begin(start);
        using var callers = endpoint.Method.TakesCancellation ? new BatchCallers(batch.Parts) : null;
        try
        {
            using var writing = endpoint.Method.Writes ? await pool.EnterWriteAsync(replica, callers?.Token ?? CancellationToken.None).ConfigureAwait(false) : default;
            await new BatchHalves(pool.Name, pool.ResultName, replica, endpoint.Method, ParametersOf(first), answers, ContextOf(endpoint, first), callers?.Token ?? CancellationToken.None)
                .RunAsync(Documents(places)).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            answers.FailRest(exception);
        }
        finally
        {
            FlowTelemetry.Finished(pool.Name, time, start, places.Length);
            FlowTelemetry.Batched(pool.Name, places.Length);
        }

        if (!replica.TryEnd())
        {
            return;
        }

        if (answers.Unforeseen is { } unforeseen && !(unforeseen is OperationCanceledException && callers is { Token.IsCancellationRequested: true }))
        {
            pool.Failed(replica, first.Request.Call.Endpoint, unforeseen);
        }
        else
        {
            replica.FailuresInARow = 0;
        }

        Distribute(places, answers);
        await FinishAsync(batch.Slices, answers, start).ConfigureAwait(false);
    }

    private static async ValueTask PassByAsync(Batch batch)
    {
        foreach (var slice in batch.Slices)
        {
            for (var i = slice.Start; i < slice.Start + slice.Count; i++)
            {
                slice.Part.Batched!.Answer(i, slice.Part.Batched.Given[i]);
            }

            if (slice.Part.Batched!.Finish(slice.Count))
            {
                slice.Part.Batched = null;
                await slice.Part.Stage.PassByAsync(slice.Part).ConfigureAwait(false);
            }
        }
    }

    private Parameters ParametersOf(RequestPart part) => ExecutorParameters.For(pool.Name, part.Request.Call.Parameters);

    private static RequestContext? ContextOf(PoolEndpoint endpoint, RequestPart part) => endpoint.Method.TakesContext ? new RequestContext(part.Request.Call.Endpoint) : null;

    private static (BatchedPart Part, int Index)[] Places(Batch batch) =>
        [.. batch.Slices.SelectMany(slice => Enumerable.Range(slice.Start, slice.Count).Select(index => (slice.Part.Batched!, index)))];

    private static Document[] Documents((BatchedPart Part, int Index)[] places) => [.. places.Select(place => place.Part.Given[place.Index])];

    private void Distribute((BatchedPart Part, int Index)[] places, BatchAnswers answers)
    {
        for (var i = 0; i < places.Length; i++)
        {
            var (part, index) = places[i];
            if (answers.Failures[i] is { } exception)
            {
                part.Fail(index, CallFailure.Explain(pool.Name, exception, wasCancelled: false));
            }
            else
            {
                part.Answer(index, answers.Documents[i]!);
            }
        }
    }

    private async ValueTask FinishAsync(IReadOnlyList<Slice> slices, BatchAnswers answers, long start)
    {
        var end = time.GetTimestamp();
        foreach (var (part, _, count) in slices)
        {
            part.Request.Visit(part.Stage.Index, start, end);
            foreach (var (name, result) in answers.Results)
            {
                part.Request.AddResult(name, result?.DeepClone());
            }

            if (part.Batched!.Finish(count))
            {
                await FinishAsync(part, answers, start).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask FinishAsync(RequestPart part, BatchAnswers answers, long start)
    {
        try
        {
            var failure = part.Batched!.FailedWhole ? part.Batched.Failure
                : answers is { Documents.Length: 0, Thrown: { } exception } ? CallFailure.Explain(pool.Name, exception, wasCancelled: false)
                : null;
            if (failure is not null)
            {
                part.Request.FailAt(part.Stage.Index, start, failure);
                await part.Stage.Next.FailAsync(part, failure).ConfigureAwait(false);
                return;
            }

            part.Documents = part.Batched.Result();
            part.Batched = null;
            AnsweredDocuments.NameFailures(pool.Name, part.Documents);
            await part.Stage.Next.SendAsync(part).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            part.Request.Fail(CallFailure.Explain(pool.Name, exception, wasCancelled: false));
        }
    }
}
