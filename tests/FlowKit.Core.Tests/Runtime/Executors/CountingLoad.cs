using FlowKit.TestKit;

namespace FlowKit.Runtime.Executors;

/// <summary>What happens while a <see cref="Counting"/> loads.</summary>
public sealed class CountingLoad
{
    private int _count;
    private int _disposals;

    /// <summary>Holds up the loads; <see langword="null"/> lets them pass.</summary>
    public ManualGate? Gate { get; set; }

    /// <summary>What they throw; <see langword="null"/> for nothing.</summary>
    public Exception? Failure { get; set; }

    /// <summary>How many there were.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many executors have been disposed.</summary>
    public int Disposals => Volatile.Read(ref _disposals);

    public void NoteDisposal() => Interlocked.Increment(ref _disposals);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _count);
        if (Gate is { } gate)
        {
            await gate.PassAsync(cancellationToken);
        }

        if (Failure is { } failure)
        {
            throw failure;
        }
    }
}
