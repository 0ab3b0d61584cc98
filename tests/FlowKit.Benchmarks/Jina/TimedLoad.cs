using System.Diagnostics;

namespace FlowKit.Benchmarks.Jina;

/// <summary>Asks again and again for some seconds, a tenth of them before it counts.</summary>
/// <param name="seconds">How long.</param>
internal sealed class TimedLoad(double seconds)
{
    private readonly long _warm = Stopwatch.GetTimestamp() + (long)(seconds * 0.1 * Stopwatch.Frequency);
    private readonly long _end = Stopwatch.GetTimestamp() + (long)(seconds * 1.1 * Stopwatch.Frequency);

    /// <summary>Asks from several callers, each one request after another.</summary>
    /// <returns>Requests per second.</returns>
    public async Task<double> RunAsync(int callers, Func<Task> ask)
    {
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(() => CountAsync(ask))));
        return counts.Sum() / seconds;
    }

    /// <summary>Keeps a number of requests under way on one stream.</summary>
    /// <returns>Requests per second.</returns>
    public async Task<double> RunAsync(int inFlight, Func<Task> write, Func<Task> read)
    {
        for (var sent = 0; sent < inFlight; sent++)
        {
            await write();
        }

        var answered = await CountAsync(async () =>
        {
            await read();
            await write();
        });
        for (var left = 0; left < inFlight; left++)
        {
            await read();
        }

        return answered / seconds;
    }

    private async Task<int> CountAsync(Func<Task> ask)
    {
        for (var answered = 0; ;)
        {
            await ask();
            var now = Stopwatch.GetTimestamp();
            if (now > _end)
            {
                return answered;
            }

            answered += now > _warm ? 1 : 0;
        }
    }
}
