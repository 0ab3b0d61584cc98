namespace FlowKit.Wire.Proto;

/// <summary>A nested message being measured.</summary>
/// <param name="Slot">Where its size goes.</param>
/// <param name="Start">What had been measured before it.</param>
internal readonly record struct NestedMessage(int Slot, long Start);
