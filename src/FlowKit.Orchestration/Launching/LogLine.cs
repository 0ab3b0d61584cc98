using Microsoft.Extensions.Logging;

namespace FlowKit.Orchestration.Launching;

/// <summary>
/// A line that a worker wrote. FlowKit's own begin with their level as systemd writes it (<c>&lt;6&gt;</c>), any other is information.
/// </summary>
/// <param name="Level">Its level.</param>
/// <param name="Text">The rest.</param>
internal readonly record struct LogLine(LogLevel Level, string Text)
{
    public static LogLine Parse(string line) =>
        line is ['<', >= '0' and <= '7', '>', ..] ? new LogLine(LevelOf(line[1]), line[3..]) : new LogLine(LogLevel.Information, line);

    private static LogLevel LevelOf(char digit) => digit switch
    {
        <= '2' => LogLevel.Critical,
        '3' => LogLevel.Error,
        '4' => LogLevel.Warning,
        '7' => LogLevel.Debug,
        _ => LogLevel.Information,
    };
}
