using System.Diagnostics;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Routing;
using FlowKit.Runtime.Channels;
using FlowKit.Runtime.Executors.Calls;
using FlowKit.Telemetry;

namespace FlowKit.Runtime.Executors;

/// <summary>
/// A call of an executor for the documents of several items. When it throws, halves are tried, until only those documents have failed
/// that it cannot take.
/// </summary>
internal sealed class BatchInvoker(PoolState state, WriteLock writes, FailureHandler failures, TimeProvider time)
{
    /// <summary>Serves a batch; when the replica is given up meanwhile, the items with it.</summary>
    public async ValueTask InvokeAsync(Replica replica, Batch batch)
    {
        var first = batch.Slices[0].Item;
        if (replica.Endpoints.Find(first.Request.Call.Endpoint) is not { } endpoint)
        {
            await PassByAsync(batch).ConfigureAwait(false);
            return;
        }

        var start = time.GetTimestamp();
        var places = Places(batch);
        var answers = new BatchAnswers(places.Length, state.Revision.Descriptor.Faults);
        replica.Begin(start);
        var activity = FlowTraces.StartBatch(state.Name, batch, places.Length);
        using var memory = endpoint.Method.TakesContext ? MemoryOf(first) : null;
        using var callers = endpoint.Method.TakesCancellation ? new BatchCallers(batch.Items) : null;
        try
        {
            var documents = Documents(places);
            FlowTelemetry.Batched(state.Name, documents, endpoint.Batching);
            Measure(replica, first, documents);
            using var writing = endpoint.Method.Writes
                ? await writes.EnterAsync(replica, callers?.Token ?? CancellationToken.None).ConfigureAwait(false)
                : default;
            await new BisectingBatchInvoker(
                state,
                replica,
                endpoint.Method,
                ParametersOf(first),
                answers,
                ContextOf(endpoint, batch, memory),
                callers?.Token ?? CancellationToken.None)
                .RunAsync(documents).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            answers.FailRest(exception);
            activity?.SetStatus(ActivityStatusCode.Error, SecretValues.Scrub(exception.Message));
        }
        finally
        {
            FlowTelemetry.Finished(state.Name, time, start, places.Length);
            Measure(replica, batch, answers, start);
            activity?.Dispose();
            FlowTraces.TellCallers(state.Name, batch, activity);
        }

        if (!replica.TryEnd())
        {
            return;
        }

        Note(replica, first, answers, callers);
        Distribute(places, answers);
        ShareOut(memory, batch);
        await FinishAsync(batch.Slices, answers, start).ConfigureAwait(false);
    }

    private void Measure(Replica replica, WorkItem first, Document[] documents)
    {
        if (state.Meter.IsEnabled)
        {
            state.Meter.Begin(state.LabelsOf(replica, first.Request.Call.Endpoint), new DocumentArray(documents));
        }
    }

    private void Measure(Replica replica, Batch batch, BatchAnswers answers, long start)
    {
        if (state.Meter.IsEnabled)
        {
            Tell(replica, batch, answers, start);
        }
    }

    /// <summary>
    /// Tells of a batch somebody who listens; a method of its own, since what is captured is allocated where a method begins.
    /// </summary>
    private void Tell(Replica replica, Batch batch, BatchAnswers answers, long start) => state.Meter.End(
        state.LabelsOf(replica, batch.Slices[0].Item.Request.Call.Endpoint),
        time.GetElapsedTime(start),
        answers.Documents.Length,
        answers.HasSuccess ? new DocumentArray(answers.Documents.OfType<Document>()) : null,
        [.. batch.Items.Select(item => time.GetElapsedTime(item.Enqueued, start))]);

    private static async ValueTask PassByAsync(Batch batch)
    {
        foreach (var slice in batch.Slices)
        {
            for (var i = slice.Start; i < slice.Start + slice.Count; i++)
            {
                slice.Item.Batched!.Answer(i, slice.Item.Batched.Given[i]);
            }

            if (slice.Item.Batched!.Finish(slice.Count))
            {
                slice.Item.Batched = null;
                await slice.Item.Stage.PassByAsync(slice.Item).ConfigureAwait(false);
            }
        }
    }

    private Parameters ParametersOf(WorkItem item) => ExecutorParameters.For(state.Name, item.Request.Call.Parameters);

    private static RequestContext? ContextOf(PoolEndpoint endpoint, Batch batch, MemoryShare? memory) => endpoint.Method.TakesContext
        ? new RequestContext(batch.Slices[0].Item.Request.Call.Endpoint) { Memory = memory, Requests = batch.Items.Count() }
        : null;

    /// <summary>Until the call ends nobody can tell whose the memory is that it takes; then all its requests hold it.</summary>
    private static MemoryShare? MemoryOf(WorkItem item) => item.Request.Memory is { } memory ? new MemoryShare(memory.Budget) : null;

    private static (BatchedItem Part, int Index)[] Places(Batch batch) =>
        [.. batch.Slices.SelectMany(slice => Enumerable.Range(slice.Start, slice.Count).Select(index => (slice.Item.Batched!, index)))];

    private static Document[] Documents((BatchedItem Part, int Index)[] places) =>
        [.. places.Select(place => place.Part.Given[place.Index])];

    private void Note(Replica replica, WorkItem first, BatchAnswers answers, BatchCallers? callers)
    {
        if (
            answers.Unforeseen is { } unforeseen
                && !(unforeseen is OperationCanceledException && callers is { Token.IsCancellationRequested: true }))
        {
            failures.Note(replica, first.Request.Call.Endpoint, unforeseen);
        }

        if (answers.HasSuccess)
        {
            replica.FaultsInARow = 0;
        }
    }

    private static void ShareOut(MemoryShare? memory, Batch batch)
    {
        if (memory is not { Bytes: > 0 and var bytes })
        {
            return;
        }

        var shares = batch.Items.Select(item => item.Request.Memory).OfType<MemoryShare>().ToList();
        shares.ForEach(share => memory.MoveTo(share, bytes / shares.Count));
    }

    private void Distribute((BatchedItem Part, int Index)[] places, BatchAnswers answers)
    {
        for (var i = 0; i < places.Length; i++)
        {
            var (item, index) = places[i];
            if (answers.Failures[i] is { } exception)
            {
                item.Fail(index, CallFailure.Explain(state, exception, wasCancelled: false));
            }
            else
            {
                item.Answer(index, answers.Documents[i]!);
            }
        }
    }

    private async ValueTask FinishAsync(IReadOnlyList<BatchSlice> slices, BatchAnswers answers, long start)
    {
        var end = time.GetTimestamp();
        foreach (var (item, _, count) in slices)
        {
            item.Request.VisitInBatch(item.Stage.Index, start, end, answers.Documents.Length);
            foreach (var (name, result) in answers.Results)
            {
                item.Request.AddResult(name, result?.DeepClone());
            }

            if (item.Batched!.Finish(count))
            {
                await FinishAsync(item, answers, start).ConfigureAwait(false);
            }
        }
    }

    private FlowError? FailureOf(DocumentArray documents)
    {
        try
        {
            if (state.Config.FailOnDocumentError)
            {
                DocumentFailures.ThrowFirst(state.Name, documents);
            }

            return null;
        }
        catch (FlowKitException exception)
        {
            return CallFailure.Explain(state, exception, wasCancelled: false);
        }
    }

    private async ValueTask FinishAsync(WorkItem item, BatchAnswers answers, long start)
    {
        try
        {
            var failure = answers switch
            {
                _ when item.Batched!.FailedWhole => item.Batched.Failure,
                { Documents.Length: 0, Thrown: { } exception } => CallFailure.Explain(state, exception, wasCancelled: false),
                _ => null,
            };
            if (failure is null)
            {
                item.Documents = item.Batched.Result();
                item.Batched = null;
                AnsweredDocuments.NameFailures(state.Name, item.Documents);
                failure = FailureOf(item.Documents);
            }

            if (failure is null)
            {
                await item.Stage.Next.SendAsync(item).ConfigureAwait(false);
                return;
            }

            FlowTelemetry.Failed(state.Name, failure.Code);
            item.IsReleased = true;
            item.Request.FailAt(item.Stage.Index, start, failure);
            await item.Stage.Next.FailAsync(item, failure).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            item.Request.Fail(CallFailure.Explain(state, exception, wasCancelled: false));
        }
    }
}
