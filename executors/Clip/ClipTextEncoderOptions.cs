namespace FlowKit.Executors;

/// <summary>The options of a <see cref="ClipTextEncoder"/>.</summary>
public sealed class ClipTextEncoderOptions : ClipEncoderOptions;
