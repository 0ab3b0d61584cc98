namespace FlowKit.Executors.Graph;

/// <summary>A graph in three flat lists.</summary>
/// <param name="Levels">The highest layer of each row.</param>
/// <param name="Starts">The place in the links at which each node begins.</param>
/// <param name="Links">Of each layer of a node the number of its neighbours, and these.</param>
internal sealed record GraphExport(byte[] Levels, long[] Starts, int[] Links);
