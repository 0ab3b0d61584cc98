namespace FlowKit.Runtime.Channels;

/// <summary>Consecutive documents of one item that go into one call.</summary>
/// <param name="Item">The item.</param>
/// <param name="Start">The first of its healthy documents.</param>
/// <param name="Count">How many.</param>
internal readonly record struct BatchSlice(WorkItem Item, int Start, int Count);
