namespace FlowKit.Runtime.Executors;

/// <summary>The write lock that a replica's call holds; the default is none.</summary>
internal readonly struct WriteLockScope(Replica? replica) : IDisposable
{
    public void Dispose() => replica?.ReleaseLock();
}
