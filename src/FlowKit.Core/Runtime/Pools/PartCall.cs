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
        var endpoint = replica.Endpoints.Find(part.Request.Call.Endpoint);
        if (endpoint is null)
        {
            await part.Stage.PassByAsync(part).ConfigureAwait(false);
            return true;
        }

        var ended = await TryCallAsync(replica, endpoint.Method, part).ConfigureAwait(false);
        if (ended == CallEnd.GoesOn)
        {
            await SendOnAsync(part).ConfigureAwait(false);
        }

        return ended != CallEnd.Abandoned;
    }

    /// <summary>What goes wrong behind this executor is not its failure.</summary>
    private async ValueTask SendOnAsync(RequestPart part)
    {
        try
        {
            await part.Stage.Next.SendAsync(part).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            part.Request.Fail(FlowError.From(exception, pool.Name));
        }
    }

    private async ValueTask<CallEnd> TryCallAsync(Replica replica, EndpointMethod method, RequestPart part)
    {
        using var activity = FlowTelemetry.Activities.StartActivity(pool.Name);
        var start = time.GetTimestamp();
        var given = part.Documents.Count;
        replica.Begin(start);
        try
        {
            using var writing = method.Writes ? await pool.EnterWriteAsync(replica, part.Request.Token).ConfigureAwait(false) : default;
            var goesOn = await CallAsync(replica, method, part).ConfigureAwait(false);
            if (!replica.TryEnd())
            {
                return CallEnd.Abandoned;
            }

            replica.FailuresInARow = 0;
            part.Request.Visit(part.Stage.Index, start, time.GetTimestamp());
            return goesOn ? CallEnd.GoesOn : CallEnd.Answered;
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

    /// <returns>Whether the part itself goes on; a stream has sent its documents already.</returns>
    private async ValueTask<bool> CallAsync(Replica replica, EndpointMethod method, RequestPart part)
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
                return false;
            }

            result = await CollectAsync(stream, part.Request.Token).ConfigureAwait(false);
        }

        var answer = result is IEnumerable<Document> documents ? documents as DocumentArray ?? new DocumentArray(documents) : null;
        if (result is not null && answer is null)
        {
            part.Request.AddResult(pool.Name, EndpointMethod.ToJson(result));
        }

        // The parts are this executor's alone; a replica that was given up must not change what another now works on.
        answer = healthy.Restore(answer);
        AnsweredDocuments.NameFailures(pool.Name, answer);
        if (!replica.IsAbandoned)
        {
            part.Parts = null;
            part.Documents = answer;
        }

        return true;
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

            DocumentArray one = [document];
            AnsweredDocuments.NameFailures(pool.Name, one);
            reply.Expect();
            replica.Touch(long.MaxValue);
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
