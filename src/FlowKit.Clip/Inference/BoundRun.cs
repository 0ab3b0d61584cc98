namespace FlowKit.Clip.Inference;

/// <summary>
/// Inputs and output of one shape, bound to their memory: whole, and cut into parts for the slots of the tower that are free when it runs.
/// </summary>
/// <param name="graph">The tower.</param>
/// <param name="maxParts">The most parts that it may be cut into.</param>
/// <param name="cut">Binds it in parts that lie side by side.</param>
/// <param name="outputBytes">Bytes of the whole output.</param>
/// <param name="dimension">Values per embedding.</param>
internal sealed class BoundRun(GraphRunner graph, int maxParts, Func<int, BoundPart[]> cut, int outputBytes, int dimension) : IDisposable
{
    private readonly BoundParts?[] _cuts = new BoundParts?[maxParts];

    /// <summary>Bytes of the output.</summary>
    public int OutputBytes => outputBytes;

    /// <summary>Values per embedding.</summary>
    public int Dimension => dimension;

    /// <summary>
    /// Runs the call when a slot is free. Where no other slot is free, a whole batch is faster than its parts one after another.
    /// </summary>
    /// <exception cref="FlowKitException">The graph failed.</exception>
    public void Run(CancellationToken cancellation)
    {
        graph.Enter(cancellation);
        try
        {
            var parts = Math.Min(maxParts, 1 + graph.FreeSlots);
            (_cuts[parts - 1] ??= new BoundParts(graph, cut(parts))).Run(cancellation);
        }
        finally
        {
            graph.Leave();
        }
    }

    public void Dispose()
    {
        foreach (var parts in _cuts)
        {
            parts?.Dispose();
        }
    }
}
