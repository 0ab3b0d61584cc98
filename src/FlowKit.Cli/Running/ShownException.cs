using FlowKit.Cli.Output;

namespace FlowKit.Cli.Running;

/// <summary>An exception as a log may show it, with its stack trace.</summary>
/// <param name="thrown">The exception.</param>
internal sealed class ShownException(Exception thrown) : Exception(ShownText.Of(thrown.Message))
{
    public override string? StackTrace => thrown.StackTrace;

    public override string ToString() => ShownText.Of(thrown.ToString());
}
