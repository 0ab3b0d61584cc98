namespace FlowKit.Runtime;

/// <summary>Consecutive documents of one part that go into one call.</summary>
/// <param name="Part">The part.</param>
/// <param name="Start">The first of its healthy documents.</param>
/// <param name="Count">How many.</param>
internal readonly record struct Slice(RequestPart Part, int Start, int Count);
