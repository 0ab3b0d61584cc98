namespace FlowKit.Runtime.Executors;

/// <summary>The turn of one write; the default is none.</summary>
internal readonly struct WriteLockScope(Replica? replica) : IDisposable
{
    public void Dispose() => replica?.EndTurn();
}
