namespace FlowKit.Executors;

/// <summary>What <c>uses_with</c> sets of a <see cref="ClipTextEncoder"/>.</summary>
public sealed class ClipTextEncoderOptions : ClipEncoderOptions;
