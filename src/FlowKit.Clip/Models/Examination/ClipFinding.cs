namespace FlowKit.Clip;

/// <summary>The result of one check of a model.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="State">How it stands.</param>
/// <param name="Message">What was found, with figures, and where it is bad the next step.</param>
public sealed record ClipFinding(string Check, ClipFindingState State, string Message);
