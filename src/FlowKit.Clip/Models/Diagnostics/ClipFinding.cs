namespace FlowKit.Clip.Models.Diagnostics;

/// <summary>The result of one check of a model.</summary>
/// <param name="Check">The name of the check.</param>
/// <param name="State">The outcome.</param>
/// <param name="Message">The result with figures and, for a failure, the next step.</param>
public sealed record ClipFinding(string Check, ClipFindingState State, string Message);
