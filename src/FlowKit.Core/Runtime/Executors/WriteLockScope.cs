namespace FlowKit.Runtime;

/// <summary>The turn of one write; the default is none.</summary>
internal readonly struct WriteTurn(Replica? replica) : IDisposable
{
    public void Dispose() => replica?.EndTurn();
}
