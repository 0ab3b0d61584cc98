namespace FlowKit.Orchestration.Export;

/// <summary>The outcome of an export.</summary>
/// <param name="Files">The files that were written, from the folder, in their order.</param>
/// <param name="Images">The images that must be built, each with the executor that it is built of.</param>
/// <param name="Secrets">The names of the values that the engine must be given: no file holds one of them.</param>
/// <param name="Notes">What is left to do, or differs from a run of the flow on one machine.</param>
public sealed record ExportResult(
    IReadOnlyList<string> Files, IReadOnlyDictionary<string, string> Images, IReadOnlyList<string> Secrets, IReadOnlyList<string> Notes);
