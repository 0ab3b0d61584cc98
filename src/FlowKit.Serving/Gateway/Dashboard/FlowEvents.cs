using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using FlowKit.Runtime;
using FlowKit.Serving.Gateway.Http;
using FlowKit.Serving.Gateway.Security;
using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Gateway.Dashboard;

/// <summary>
/// Answers <c>/status/events</c>: server-sent events, one <c>status</c> a second, until the caller goes, its key is taken away or the
/// gateway stops. Calls are counted only while somebody listens.
/// </summary>
/// <param name="flow">The flow.</param>
/// <param name="insight">Says who may know what failed.</param>
/// <param name="time">Time.</param>
/// <param name="stopping">Ends when the gateway stops.</param>
internal sealed class FlowEvents(FlowRuntime flow, Insight insight, TimeProvider time, CancellationToken stopping)
{
    /// <summary>The number that listen at once; each costs a sample a second.</summary>
    public const int MaxListeners = 64;

    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(1);

    private int _listeners;

    public async Task AnswerAsync(HttpContext context)
    {
        if (Interlocked.Increment(ref _listeners) > MaxListeners)
        {
            Interlocked.Decrement(ref _listeners);
            throw new FlowKitException(new FlowError(
                FlowErrorCode.ResourceExhausted, $"{MaxListeners} callers listen to the state of this flow already.")
            { RetryAfter = s_every });
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            await TellAsync(context, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The caller has gone, or the gateway stops.
        }
        finally
        {
            Interlocked.Decrement(ref _listeners);
        }
    }

    private async Task TellAsync(HttpContext context, CancellationToken cancellationToken)
    {
        using var watching = flow.Journal.Watch();
        using var timer = new PeriodicTimer(s_every, time);
        EventStream.Begin(context.Response);
        var before = FlowSample.Take(flow, time);
        var asking = flow.Readiness.FindFaultsAsync(cancellationToken);
        IReadOnlyList<FlowError> faults = [];
        do
        {
            // An executor elsewhere that does not answer must not keep the others' state back.
            if (asking.IsCompleted)
            {
                faults = await asking;
                asking = flow.Readiness.FindFaultsAsync(cancellationToken);
            }

            var now = FlowSample.Take(flow, time);
            await SendAsync(context.Response, now.Tell(before, flow, faults, time, insight.IsFor(context)), cancellationToken);
            before = now;
        }
        while (await timer.WaitForNextTickAsync(cancellationToken) && Caller.Of(context) is not { IsWithdrawn: true });
    }

    private static async Task SendAsync(HttpResponse response, JsonObject status, CancellationToken cancellationToken)
    {
        response.BodyWriter.Write(Encoding.UTF8.GetBytes($"event: status\ndata: {status.ToJsonString()}\n\n"));
        await response.BodyWriter.FlushAsync(cancellationToken);
    }
}
