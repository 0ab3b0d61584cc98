namespace FlowKit.Components.Launching;

/// <summary>The last lines of a worker's log at the end of a message.</summary>
internal static class WorkerLines
{
    private const string Head = ". Its last lines:";

    /// <summary>Returns the end of a message that shows lines.</summary>
    public static string Tell(IEnumerable<string> lines) => $"{Head}\n  {string.Join("\n  ", lines)}";

    /// <summary>Returns a message without the lines, as whoever asked for an answer may see it.</summary>
    public static string CutFrom(string message)
    {
        var at = message.IndexOf(Head, StringComparison.Ordinal);
        return at < 0 ? message : message[..at];
    }
}
