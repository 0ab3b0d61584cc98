namespace FlowKit.Executors.Graph;

/// <summary>The parameters of a graph.</summary>
/// <param name="M">The number of neighbours of a node; twice as many in the lowest layer.</param>
/// <param name="EfConstruction">The number of candidates while it is built.</param>
/// <param name="EfSearch">The number of candidates of a search.</param>
internal sealed record GraphOptions(int M, int EfConstruction, int EfSearch);
