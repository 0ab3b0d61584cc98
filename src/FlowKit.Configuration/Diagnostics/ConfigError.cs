namespace FlowKit.Configuration.Diagnostics;

/// <summary>A mistake in a flow's configuration.</summary>
/// <param name="Place">Where it is.</param>
/// <param name="Key">
/// The key it concerns, from the top, for example <c>executors.encoder.replicas</c>; empty for the file as a whole.
/// </param>
/// <param name="Message">What is wrong and what was expected.</param>
public sealed record ConfigError(SourcePlace Place, string Key, string Message)
{
    /// <summary><c>file:line:column: key: message</c>.</summary>
    public override string ToString() => Key.Length == 0 ? $"{Place}: {Message}" : $"{Place}: {Key}: {Message}";
}
