namespace FlowKit.Runtime.Executors;

/// <content>How a pool's state is written into a folder and taken back.</content>
internal sealed partial class ExecutorPool
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(2);

    /// <summary>Whether its executor keeps state that it can write.</summary>
    public bool HasState => _version.Descriptor.HasState;

    /// <summary>Writes the state of one replica; no write runs meanwhile.</summary>
    public async Task SnapshotAsync(string folder, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            var replica = Array.Find(Replicas(), replica => !replica.IsDown)
                ?? throw new FlowKitException(FlowErrorCode.Unavailable, $"No replica of '{Name}' serves, so that its state cannot be written.");
            await replica.Executor.SnapshotAsync(folder, cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Every replica takes the state; requests wait in the channel meanwhile.</summary>
    public async Task RestoreAsync(string folder, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        _channel.Pause(true);
        try
        {
            while (Array.Exists(Replicas(), replica => replica.Reader.IsServing))
            {
                await Task.Delay(s_look, _time, cancellationToken);
            }

            foreach (var replica in Replicas())
            {
                await replica.Executor.RestoreAsync(folder, cancellationToken);
            }
        }
        finally
        {
            _channel.Pause(false);
            _changing.Release();
        }
    }
}
