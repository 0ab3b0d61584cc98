using System.Diagnostics;
using FlowKit.Components;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Routing;
using FlowKit.Runtime.Executors.Calls;
using FlowKit.Telemetry;

namespace FlowKit.Runtime.Executors;

/// <summary>
/// A call of an executor for one item, and what becomes of its answer. Nothing is awaited, or allocated, for an executor that returns at
/// once.
/// </summary>
internal sealed class ExecutorInvoker(
    PoolState state, RetryPolicy retries, WriteLock writes, InlineExecutionPolicy policy, FailureHandler failures, TimeProvider time)
{
    /// <summary>Calls the executor; whatever it throws is told here.</summary>
    /// <param name="replica">Who works.</param>
    /// <param name="item">On what.</param>
    /// <param name="endpoint">How this replica answers the item; <see langword="null"/> when it does not.</param>
    /// <param name="start">When it begins.</param>
    public ValueTask<CallEnd> InvokeAsync(Replica replica, WorkItem item, PoolEndpoint? endpoint, long start)
    {
        if (endpoint is null)
        {
            return new ValueTask<CallEnd>(CallEnd.PassesBy);
        }

        // What an executor leaves in its context, a culture or an activity, is not for the next one.
        var context = ExecutionContext.Capture();
        try
        {
            return BeginAsync(replica, item, endpoint, start);
        }
        finally
        {
            if (context is not null && !ReferenceEquals(context, ExecutionContext.Capture()))
            {
                ExecutionContext.Restore(context);
            }
        }
    }

    /// <summary>Sends an item on after its call. What goes wrong behind this executor is not its failure.</summary>
    public ValueTask SendOnAsync(WorkItem item, CallEnd end)
    {
        if (end is not (CallEnd.GoesOn or CallEnd.PassesBy))
        {
            return ValueTask.CompletedTask;
        }

        try
        {
            var sending = end == CallEnd.GoesOn ? item.Stage.Next.SendAsync(item) : item.Stage.PassByAsync(item);
            return sending.IsCompletedSuccessfully ? ValueTask.CompletedTask : AwaitAsync(sending, item);
        }
        catch (Exception exception)
        {
            item.Request.Fail(FlowError.From(exception, state.Name));
            return ValueTask.CompletedTask;
        }
    }

    private async ValueTask AwaitAsync(ValueTask sending, WorkItem item)
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            item.Request.Fail(FlowError.From(exception, state.Name));
        }
    }

    private ValueTask<CallEnd> BeginAsync(Replica replica, WorkItem item, PoolEndpoint endpoint, long start)
    {
        item.RetryCopy = retries.NeedsRetryCopy(item, endpoint) ? item.CopyForRetry() : null;
        var activity = FlowTraces.StartCall(state.Name, item);
        var call = new ActiveCall(
            replica, item, endpoint.Method, new HealthyDocuments(item.Documents, item.IsHealthy, item.Parts is not null), activity, start);
        replica.Begin(start);
        try
        {
            if (state.Meter.IsEnabled)
            {
                state.Meter.Begin(state.LabelsOf(replica, item.Request.Call.Endpoint), call.Healthy.Given);
            }

            var calling = call.Method.Writes ? WriteAsync(call) : CallAsync(call);
            if (!calling.IsCompletedSuccessfully || call.Method.Writes)
            {
                return FinishAsync(call, calling);
            }

            var result = calling.Result;
            if (result is IAsyncEnumerable<Document>)
            {
                return FinishAsync(call, new ValueTask<object?>(result));
            }

            var end = Answer(call, result);
            if (end == CallEnd.GoesOn)
            {
                policy.Add(item.Moved - start);
            }

            Close(call, end);
            return new ValueTask<CallEnd>(end);
        }
        catch (Exception exception)
        {
            return FinishAsync(call, ValueTask.FromException<object?>(exception));
        }
    }

    private async ValueTask<object?> WriteAsync(ActiveCall call)
    {
        _ = await writes.EnterAsync(call.Replica, call.Item.Request.Token).ConfigureAwait(false);
        return await CallAsync(call).ConfigureAwait(false);
    }

    private ValueTask<object?> CallAsync(in ActiveCall call)
    {
        var parameters = ExecutorParameters.For(state.Name, call.Item.Request.Call.Parameters);
        var token = call.Method.TakesCancellation ? call.Item.Request.Token : CancellationToken.None;
        var context = call.Method.TakesContext ? call.Item.Request.Context(call.Start) : null;
        return call.Method.InvokeAsync(
            call.Replica.Executor, new ExecutorCall(call.Healthy.Given, parameters, call.Item.Parts, context, token));
    }

    /// <summary>The rest of a call that waits, streams, writes or fails.</summary>
    private async ValueTask<CallEnd> FinishAsync(ActiveCall call, ValueTask<object?> calling)
    {
        policy.Doubt();
        var (end, thrown) = (CallEnd.Failed, (Exception?)null);
        try
        {
            var result = await calling.ConfigureAwait(false);
            if (result is IAsyncEnumerable<Document> stream)
            {
                if (call.Item.Request.Stream is not null && call.Item.Stage.CanStream)
                {
                    await StreamAsync(call, stream).ConfigureAwait(false);
                    return end = TryEnd(call, out _) ? CallEnd.Answered : CallEnd.Abandoned;
                }

                result = await CollectAsync(stream, call.Item.Request.Token).ConfigureAwait(false);
            }

            return end = Answer(call, result);
        }
        catch (Exception exception)
        {
            thrown = exception;
            call.Activity?.SetStatus(ActivityStatusCode.Error, SecretValues.Scrub(exception.Message));
            call.Activity?.SetTag("error.type", exception.GetType().FullName);
        }
        finally
        {
            call.Replica.ReleaseLock();
            // Before anybody is told: who has the answer finds the call counted, and in its trace.
            Close(call, end);
        }

        return await FailAsync(call, thrown).ConfigureAwait(false);
    }

    /// <summary>
    /// Only when the call has ended in time the item is this call's alone: a replica that was given up must not change what another works
    /// on.
    /// </summary>
    private CallEnd Answer(in ActiveCall call, object? result)
    {
        var answer = result switch
        {
            null => null,
            DocumentArray array => array,
            IEnumerable<Document> documents => new DocumentArray(documents),
            _ => Report(call, result),
        };

        if (answer is not null && call.Item.Stage.Next.ReadsDocuments)
        {
            // What is wrong with them is this executor's failure and not the next one's.
            answer.Decode();
        }

        answer = call.Healthy.Restore(answer);
        var isHealthy = call.Healthy.AreStillHealthy(answer) || AnsweredDocuments.NameFailures(state.Name, answer);
        if (state.Config.FailOnDocumentError)
        {
            DocumentFailures.ThrowFirst(state.Name, answer);
        }

        if (!TryEnd(call, out var end))
        {
            return CallEnd.Abandoned;
        }

        call.Item.SetAnswer(answer, isHealthy, end);
        return CallEnd.GoesOn;
    }

    /// <returns>The documents among what is reported; <see langword="null"/> when there are none.</returns>
    private DocumentArray? Report(in ActiveCall call, object result)
    {
        var (request, replica) = (call.Item.Request, call.Replica);
        if (result is not ExecutorAnswer answer)
        {
            request.AddResult(state.ResultName(replica), EndpointMethod.ToJson(result));
            return null;
        }

        foreach (var (name, value) in answer.Results)
        {
            request.AddResult(state.ResultName(replica, name), value?.DeepClone());
        }

        return answer.Documents;
    }

    private async ValueTask<CallEnd> FailAsync(ActiveCall call, Exception exception)
    {
        if (!call.Replica.TryEnd())
        {
            return CallEnd.Abandoned;
        }

        call.Item.IsReleased = true;
        var wasCancelled = call.Item.Request.IsSettled && call.Item.Request.Token.IsCancellationRequested;
        await failures.FailAsync(
            call.Replica, call.Item, CallFailure.Explain(state, exception, wasCancelled), exception, call.Start).ConfigureAwait(false);
        return CallEnd.Failed;
    }

    private bool TryEnd(in ActiveCall call, out long end)
    {
        if (!call.Replica.TryEnd())
        {
            end = 0;
            return false;
        }

        end = time.GetTimestamp();
        call.Replica.FaultsInARow = 0;
        call.Item.Request.Visit(call.Item.Stage.Index, call.Start, end);
        return true;
    }

    private void Close(in ActiveCall call, CallEnd end)
    {
        // The activity is still the current one: what is measured names it as its exemplar.
        FlowTelemetry.Finished(state.Name, time, call.Start, call.Healthy.Count);
        call.Activity?.Dispose();
        if (state.Meter.IsEnabled)
        {
            var item = call.Item;
            state.Meter.End(
                state.LabelsOf(call.Replica, item.Request.Call.Endpoint),
                time.GetElapsedTime(call.Start),
                call.Healthy.Count,
                end is CallEnd.GoesOn or CallEnd.Answered ? item.Documents : null,
                time.GetElapsedTime(item.Enqueued, call.Start));
        }
    }

    /// <summary>Each document goes on as it comes, and waits while the next stage is full.</summary>
    private async ValueTask StreamAsync(ActiveCall call, IAsyncEnumerable<Document> stream)
    {
        var (replica, request) = (call.Replica, call.Item.Request);
        var reply = request.Stream!;
        await foreach (var document in stream.WithCancellation(request.Token).ConfigureAwait(false))
        {
            if (replica.IsAbandoned)
            {
                return;
            }

            // For a producer that does not look at its token.
            request.Token.ThrowIfCancellationRequested();
            DocumentArray one = [document];
            AnsweredDocuments.NameFailures(state.Name, one);
            reply.Expect();
            request.Visit(call.Item.Stage.Index, call.Start, time.GetTimestamp());
            replica.Pause();
            await call.Item.Stage.Next.SendAsync(
                new WorkItem(request, one) { StreamIndex = request.NextStreamIndex() }).ConfigureAwait(false);
            replica.Heartbeat(time.GetTimestamp());
        }

        reply.Finish();
    }

    private static async ValueTask<DocumentArray> CollectAsync(IAsyncEnumerable<Document> stream, CancellationToken cancellationToken)
    {
        DocumentArray documents = [];
        await foreach (var document in stream.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            documents.Add(document);
        }

        return documents;
    }
}
