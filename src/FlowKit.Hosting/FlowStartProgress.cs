namespace FlowKit.Hosting;

/// <summary>The progress of a flow that starts.</summary>
/// <param name="Step">What is being done.</param>
/// <param name="Done">How many executors or documents are done.</param>
/// <param name="Total">Of how many.</param>
public readonly record struct FlowStartProgress(FlowStartStep Step, int Done, int Total);
