using Xunit.Abstractions;

namespace FlowKit.Orchestration;

/// <summary>
/// Runs the classes in the order of their names, so that one that fails for what another left behind fails each time; those over a Swarm
/// come last, since making and leaving one changes the engine's networks for all that follow.
/// </summary>
public sealed class SwarmLast : ITestCollectionOrderer
{
    /// <inheritdoc/>
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => testCollections
        .OrderBy(collection => collection.DisplayName.Contains(nameof(Swarm.StackTests), StringComparison.Ordinal)
            || collection.DisplayName.Contains(nameof(Export.RunningExportTests), StringComparison.Ordinal))
        .ThenBy(collection => collection.DisplayName, StringComparer.Ordinal);
}
