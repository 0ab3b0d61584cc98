using System.Collections.Concurrent;
using FlowKit.TestKit;

namespace FlowKit.Runtime;

/// <summary>Executors that now and then throw, fail a document, take their time or ignore their cancellation.</summary>
internal sealed class RandomTrouble(int seed, double rate)
{
    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);

    public ConcurrentDictionary<string, bool> Failed { get; } = new(StringComparer.Ordinal);

    public FlowScript Script(int nodes)
    {
        var script = new FlowScript();
        for (var node = 0; node < nodes; node++)
        {
            script.On($"n{node}", RunAsync);
        }

        return script;
    }

    private async ValueTask<object?> RunAsync(ScriptedCall call)
    {
        switch (Draw())
        {
            case < 0.25:
                throw new InvalidOperationException("drawn");
            case < 0.5:
                foreach (var document in call.Documents)
                {
                    Failed[document.Id] = true;
                    document.Fail(FlowErrorCode.InvalidArgument, "drawn");
                }

                return null;
            case < 0.7:
                await Task.Delay(1, call.Token);
                return null;
            case < 0.9:
                await Task.Delay(1, CancellationToken.None);
                return null;
            case < 1:
                await Task.Yield();
                return new DocumentArray(call.Documents);
            default:
                return null;
        }
    }

    /// <summary>Below 1 with the given rate.</summary>
    private double Draw()
    {
        lock (_lock)
        {
            return _random.NextDouble() < rate ? _random.NextDouble() : 1;
        }
    }
}
