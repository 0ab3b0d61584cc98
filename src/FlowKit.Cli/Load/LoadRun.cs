using System.Diagnostics;
using FlowKit.Client;
using FlowKit.Wire;

namespace FlowKit.Cli.Load;

/// <summary>Callers that each post the same request again and again, the next when the last is answered.</summary>
internal sealed class LoadRun(FlowClient client, string on, DocumentArray documents, PostOptions options)
{
    /// <summary>A caller that is refused does not ask again at once, or the refusals would be all that is measured.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);

    private long _failures;
    private string? _firstFailure;

    /// <summary>Runs the load.</summary>
    /// <param name="callers">How many requests are under way at once.</param>
    /// <param name="duration">For how long new ones are sent.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<LoadResult> RunAsync(int callers, TimeSpan duration, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var calls = await Task.WhenAll(
            Enumerable.Range(0, callers).Select(_ => Task.Run(() => CallAsync(began, duration, cancellationToken), cancellationToken)));
        var elapsed = Stopwatch.GetElapsedTime(began);
        var milliseconds = calls.SelectMany(times => times).ToArray();
        Array.Sort(milliseconds);
        return new LoadResult(elapsed, documents.Count, Volatile.Read(ref _failures), _firstFailure, milliseconds);
    }

    private async Task<List<double>> CallAsync(long began, TimeSpan duration, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        while (Stopwatch.GetElapsedTime(began) < duration)
        {
            var sent = Stopwatch.GetTimestamp();
            if (await PostAsync(cancellationToken) is { } failure)
            {
                Interlocked.Increment(ref _failures);
                Interlocked.CompareExchange(ref _firstFailure, failure, null);
                await Task.Delay(s_pause, cancellationToken);
            }
            else
            {
                times.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            }
        }

        return times;
    }

    /// <returns>What went wrong; <see langword="null"/> for nothing.</returns>
    private async Task<string?> PostAsync(CancellationToken cancellationToken)
    {
        try
        {
            var reply = await client.PostAsync(on, documents, options, cancellationToken);
            return reply.Status is { Code: not 0 } status ? status.Message : FailedDocument(reply);
        }
        catch (FlowKitException exception)
        {
            return exception.Message;
        }
    }

    private static string? FailedDocument(DataRequest reply) =>
        reply.Documents.FirstOrDefault(document => document.Error is not null)?.Error?.Message;
}
