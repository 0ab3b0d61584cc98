namespace FlowKit.Serving.Ipc;

/// <summary>A connected socket under one end of a connection: what is waited for, and how.</summary>
internal interface IIpcSocket : IDisposable
{
    /// <summary>The other side's process; <see langword="null"/> where the system does not tell.</summary>
    int? Peer { get; }

    /// <summary>Sends some of the bytes.</summary>
    ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Receives some bytes; 0 when the other side has closed.</summary>
    ValueTask<int> ReceiveAsync(Memory<byte> target, CancellationToken cancellationToken);
}
