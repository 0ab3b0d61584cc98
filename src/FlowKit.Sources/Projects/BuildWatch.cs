namespace FlowKit.Sources.Projects;

/// <summary>The caller that waits for an executor that may have to be built.</summary>
/// <param name="Begins">Is told before a build with the SDK, which takes seconds; <see langword="null"/> when nobody listens.</param>
/// <param name="Token">Gives the build up.</param>
internal readonly record struct BuildWatch(Action? Begins, CancellationToken Token);
