namespace FlowKit.Runtime.Properties;

/// <summary>What did not hold in a trial, a line each.</summary>
internal sealed class TrialFailedException(IEnumerable<string> problems) : Exception(string.Join("\n  ", problems.Prepend("the trial failed:")));
