namespace FlowKit.Hosting;

/// <summary>The progress of a flow that starts.</summary>
/// <param name="Step">What is being done.</param>
/// <param name="Done">How many executors, documents or layers are done.</param>
/// <param name="Total">Of how many.</param>
public readonly record struct FlowStartProgress(FlowStartStep Step, int Done, int Total)
{
    /// <summary>
    /// The executor that is built, or loads now, or the image that is pulled; <see langword="null"/> where the step has no such name.
    /// </summary>
    public string? Name { get; init; }
}
