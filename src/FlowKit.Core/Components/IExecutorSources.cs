using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;

namespace FlowKit.Components;

/// <summary>Finds executors that are not part of the program: in a C# file, a project, an assembly or a package.</summary>
public interface IExecutorSources
{
    /// <summary>Finds the executor that an entry's <c>uses:</c> names by a path or a package, and builds it when that is needed.</summary>
    /// <param name="config">The entry.</param>
    /// <param name="baseDirectory">The folder from which relative paths start: the flow's.</param>
    /// <param name="building">
    /// Is called before a build with the SDK, which takes seconds; <see langword="null"/> when nobody listens.
    /// </param>
    /// <param name="cancellationToken">Gives the build up.</param>
    /// <exception cref="FlowConfigException">It is not there, or does not compile.</exception>
    /// <exception cref="FlowKitException">It cannot be built or loaded.</exception>
    ExecutorDescriptor Find(ExecutorConfig config, string baseDirectory, Action? building, CancellationToken cancellationToken);

    /// <summary>Lists the files that an executor is made of, for those that follow their changes.</summary>
    /// <param name="uses">The text of <c>uses:</c>.</param>
    /// <param name="baseDirectory">The folder from which relative paths start.</param>
    /// <returns>Full paths; empty for what is part of the program.</returns>
    IEnumerable<string> FilesOf(string uses, string baseDirectory);
}
