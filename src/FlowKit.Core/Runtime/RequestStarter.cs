using System.Runtime.CompilerServices;
using FlowKit.Runtime.Requests;
using FlowKit.Telemetry;

namespace FlowKit.Runtime;

/// <summary>Creates requests and sends them into the pipeline that is current when they begin.</summary>
/// <param name="deployer">Knows the pipeline and the configuration.</param>
/// <param name="journal">Told of each request when it is answered.</param>
/// <param name="time">Time.</param>
/// <param name="aborted">Ends when the flow gives up its requests.</param>
internal sealed class RequestStarter(FlowDeployer deployer, FlowJournal journal, TimeProvider time, CancellationToken aborted)
{
    /// <summary>Enters the current pipeline; a request ends on the pipeline that it began on.</summary>
    public FlowPipeline EnterPipeline()
    {
        FlowPipeline pipeline;
        do
        {
            pipeline = deployer.Pipeline;
        }
        while (!pipeline.TryEnter());

        return pipeline;
    }

    /// <summary>Creates the state of a request.</summary>
    /// <param name="call">The request.</param>
    /// <param name="pipeline">The pipeline that it has entered.</param>
    /// <param name="stream">The stream of its documents; <see langword="null"/> when they come with the reply.</param>
    /// <param name="permits">The permits that it returns when it is answered.</param>
    /// <param name="cancellationToken">Ends when the caller has gone.</param>
    /// <exception cref="FlowKitException">Its documents cannot be decoded, or nobody reads one of its parameters.</exception>
    public RequestState Create(
        FlowRequest call, FlowPipeline pipeline, FlowStream? stream, RequestPermits permits, CancellationToken cancellationToken)
    {
        ParameterCheck.Check(call, pipeline.Ordered);
        if (pipeline.Entry.ReadsDocuments)
        {
            call.Documents.Decode();
        }

        deployer.Meters.Gateway.Receive(call.Documents);
        return new(
            call, pipeline.Names, time, call.Timeout ?? deployer.Config.Gateway.TimeoutSend, permits, cancellationToken, aborted, stream)
        {
            Meter = deployer.Meters.Gateway,
            Journal = journal,
            Order = pipeline.HasConditions ? [.. call.Documents.Select(document => document.Id)] : null,
        };
    }

    /// <summary>Streams a request; leaving the enumeration cancels it.</summary>
    /// <param name="call">The request.</param>
    /// <param name="permit">Its place, given back at the end.</param>
    /// <param name="cancellationToken">Ends when the caller has gone.</param>
    /// <exception cref="FlowKitException">The request failed, perhaps after some documents.</exception>
    public async IAsyncEnumerable<StreamedDocument> StreamAsync(
        FlowRequest call, AdmissionPermit permit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        using var held = permit;
        var pipeline = EnterPipeline();
        RequestState? request = null;
        try
        {
            var stream = new FlowStream();
            request = Create(call, pipeline, stream, new RequestPermits(null, null, permit), cancellationToken);
            stream.Attach(request);
            request.Watch();
            var entering = AwaitEntryAsync(request, Enter(request, pipeline));
            await foreach (var document in stream.Documents.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                yield return new StreamedDocument(document, request);
            }

            await entering.ConfigureAwait(false);
        }
        finally
        {
            request?.LoseCaller();
            request?.Dispose();
            pipeline.Leave();
        }
    }

    /// <summary>Sends a request to the first stage; what that throws fails the request.</summary>
    public static ValueTask Enter(RequestState request, FlowPipeline pipeline)
    {
        try
        {
            return pipeline.Entry.SendAsync(
                new WorkItem(request, request.Call.Documents) { Parts = request.Call.Parts, Moved = request.Started });
        }
        catch (Exception exception)
        {
            request.Fail(FlowError.From(exception));
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Waits until the first stage has taken a request; what that throws fails the request.</summary>
    public static async Task AwaitEntryAsync(RequestState request, ValueTask entering)
    {
        try
        {
            await entering.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            request.Fail(FlowError.From(exception));
        }
    }
}
