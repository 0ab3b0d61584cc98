namespace FlowKit.Simulate;

/// <summary>One request under way: which parts of it each node has still to wait for.</summary>
internal sealed class SimulatedCall(double arrived, int documents, int nodes)
{
    /// <summary>The time at which it came.</summary>
    public double Arrived { get; } = arrived;

    /// <summary>Its documents.</summary>
    public int Documents { get; } = documents;

    /// <summary>The parts of each node that are not done: of the shards that it was sent to.</summary>
    public int[] Open { get; } = new int[nodes];

    /// <summary>The needs of each node that are done.</summary>
    public int[] Met { get; } = new int[nodes];

    /// <summary>The nodes that the reply still waits for.</summary>
    public int Left { get; set; }
}
