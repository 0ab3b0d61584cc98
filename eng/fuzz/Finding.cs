namespace FlowKit.Fuzz;

/// <summary>Something wrong that an input brought about.</summary>
/// <param name="Kind">The exception's type and the first place of this product in its stack: what is the same is told once.</param>
/// <param name="Text">All that is known about it.</param>
internal sealed record Finding(string Kind, string Text);
