namespace FlowKit.Runtime.Properties;

/// <summary>A drawn document.</summary>
/// <param name="Text">A letter, for conditions to look at.</param>
/// <param name="Poison">The executor that cannot take it, by number; −1 for none.</param>
internal sealed record DocumentPlan(char Text, int Poison);
