using System.Diagnostics;
using FlowKit.Components;
using FlowKit.Routing;
using FlowKit.Telemetry;

namespace FlowKit.Runtime;

/// <summary>One call of an executor for one part, and what becomes of its answer.</summary>
internal sealed class PartCall(ExecutorPool pool, TimeProvider time)
{
    /// <returns>False when the replica was given up meanwhile, and the part with it.</returns>
    public async ValueTask<bool> ServeAsync(Replica replica, RequestPart part)
    {
        var end = replica.Endpoints.Find(part.Request.Call.Endpoint) is { } endpoint
            ? await TryCallAsync(replica, endpoint, part).ConfigureAwait(false)
            : CallEnd.PassesBy;
        await SendOnAsync(part, end).ConfigureAwait(false);
        return end != CallEnd.Abandoned;
    }

    /// <summary>What goes wrong behind this executor is not its failure.</summary>
    private async ValueTask SendOnAsync(RequestPart part, CallEnd end)
    {
        try
        {
            if (end == CallEnd.GoesOn)
            {
                await part.Stage.Next.SendAsync(part).ConfigureAwait(false);
            }
            else if (end == CallEnd.PassesBy)
            {
                await part.Stage.PassByAsync(part).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            part.Request.Fail(FlowError.From(exception, pool.Name));
        }
    }

    private async ValueTask<CallEnd> TryCallAsync(Replica replica, PoolEndpoint endpoint, RequestPart part)
    {
        using var activity = FlowTelemetry.Activities.StartActivity(pool.Name);
        var start = time.GetTimestamp();
        var given = part.Documents.Count;
        part.Spare = pool.NeedsSpare(part, endpoint) ? part.Again() : null;
        replica.Begin(start);
        try
        {
            using var writing = endpoint.Method.Writes ? await pool.EnterWriteAsync(replica, part.Request.Token).ConfigureAwait(false) : default;
            var answer = await CallAsync(replica, endpoint.Method, part).ConfigureAwait(false);
            if (!replica.TryEnd())
            {
                return CallEnd.Abandoned;
            }

            replica.FailuresInARow = 0;
            part.Request.Visit(part.Stage.Index, start, time.GetTimestamp());
            if (answer is null)
            {
                return CallEnd.Answered;
            }

            // Only now the part is this call's alone: a replica that was given up must not change what another works on.
            (part.Documents, part.Parts, part.Spare, part.Attempts) = (answer, null, null, 0);
            return CallEnd.GoesOn;
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error);
            if (!replica.TryEnd())
            {
                return CallEnd.Abandoned;
            }

            await pool.FailAsync(replica, part, CallFailure.Explain(pool.Name, exception, WasCancelled(part)), exception, start).ConfigureAwait(false);
            return CallEnd.Answered;
        }
        finally
        {
            FlowTelemetry.Finished(pool.Name, time, start, given);
        }
    }

    private static bool WasCancelled(RequestPart part) => part.Request.IsSettled && part.Request.Token.IsCancellationRequested;

    /// <returns>The documents that go on; <see langword="null"/> for a stream, which has sent them already.</returns>
    private async ValueTask<DocumentArray?> CallAsync(Replica replica, EndpointMethod method, RequestPart part)
    {
        var healthy = new HealthyDocuments(part.Documents);
        var parameters = ExecutorParameters.For(pool.Name, part.Request.Call.Parameters);
        var token = method.TakesCancellation ? part.Request.Token : CancellationToken.None;
        var result = await method.InvokeAsync(replica.Executor, new ExecutorCall(healthy.Given, parameters, part.Parts, token)).ConfigureAwait(false);
        if (result is IAsyncEnumerable<Document> stream)
        {
            if (part.Request.Stream is not null && part.Stage.CanStream)
            {
                await StreamAsync(replica, part, stream).ConfigureAwait(false);
                return null;
            }

            result = await CollectAsync(stream, part.Request.Token).ConfigureAwait(false);
        }

        var answer = result is IEnumerable<Document> documents ? documents as DocumentArray ?? new DocumentArray(documents) : null;
        if (result is not null && answer is null)
        {
            part.Request.AddResult(pool.ResultName, EndpointMethod.ToJson(result));
        }

        answer = healthy.Restore(answer);
        AnsweredDocuments.NameFailures(pool.Name, answer);
        return answer;
    }

    /// <summary>Each document goes on as it comes, and waits while the next stage is full.</summary>
    private async ValueTask StreamAsync(Replica replica, RequestPart part, IAsyncEnumerable<Document> stream)
    {
        var reply = part.Request.Stream!;
        await foreach (var document in stream.WithCancellation(part.Request.Token).ConfigureAwait(false))
        {
            if (replica.IsAbandoned)
            {
                return;
            }

            // For a producer that does not look at its token.
            part.Request.Token.ThrowIfCancellationRequested();
            DocumentArray one = [document];
            AnsweredDocuments.NameFailures(pool.Name, one);
            reply.Expect();
            replica.Pause();
            await part.Stage.Next.SendAsync(new RequestPart(part.Request, one) { Item = part.Request.NextItem() }).ConfigureAwait(false);
            replica.Touch(time.GetTimestamp());
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
