using FlowKit.Runtime.Channels;

namespace FlowKit.Runtime.Executors;

/// <summary>Writes a pool's state into a folder, and takes it back.</summary>
internal sealed class PoolSnapshots(PoolState state, ExecutorChannel channel, ReplicaSet replicas, WriteLock writes, TimeProvider time)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(2);

    /// <summary>Writes the state of one replica; no write runs meanwhile.</summary>
    public Task WriteAsync(string folder, CancellationToken cancellationToken) => writes.RunAsync(
        () =>
        {
            var replica = Array.Find(replicas.ToArray(), replica => !replica.IsDown)
                ?? throw new FlowKitException(
                    FlowErrorCode.Unavailable, $"No replica of '{state.Name}' serves, so that its state cannot be written.");
            return replica.Executor.SnapshotAsync(folder, cancellationToken);
        },
        cancellationToken);

    /// <summary>Has every replica take the state; requests wait in the channel meanwhile.</summary>
    public async Task RestoreAsync(string folder, CancellationToken cancellationToken)
    {
        channel.Pause(true);
        try
        {
            while (Array.Exists(replicas.ToArray(), replica => replica.Reader.Slot.IsServing))
            {
                await Task.Delay(s_look, time, cancellationToken);
            }

            foreach (var replica in replicas.ToArray())
            {
                await replica.Executor.RestoreAsync(folder, cancellationToken);
            }
        }
        finally
        {
            channel.Pause(false);
        }
    }
}
