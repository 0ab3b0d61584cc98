using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Gateway.Logs;

/// <summary>The lines that a caller asks for.</summary>
/// <param name="Level">The least level.</param>
/// <param name="Executor">The executor; <see langword="null"/> for all lines.</param>
/// <param name="Since">The time of the first; <see langword="null"/> for all that are kept.</param>
/// <param name="Follow">Whether those to come are wanted too.</param>
internal sealed record LogFilter(LogLevel Level, string? Executor, DateTimeOffset? Since, bool Follow)
{
    private static readonly string[] s_known = ["level", "executor", "since", "follow"];

    /// <summary>Reads what a query asks for.</summary>
    /// <param name="query">The query.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="FlowKitException">It asks for something else.</exception>
    public static LogFilter Read(IQueryCollection query, DateTimeOffset now)
    {
        if (query.Keys.FirstOrDefault(key => !s_known.Contains(key, StringComparer.Ordinal)) is { } other)
        {
            throw Invalid($"{other}: expected {string.Join(", ", s_known)}.");
        }

        var executor = query["executor"].ToString();
        return new LogFilter(
            ReadLevel(query["level"].ToString()),
            executor.Length > 0 ? executor : null,
            now - ReadSeconds(query["since"].ToString()),
            query["follow"].ToString() switch
            {
                "" or "false" => false,
                "true" => true,
                var flag => throw Invalid($"follow: expected true or false, not '{flag}'."),
            });
    }

    /// <summary>Tells whether a line is wanted.</summary>
    public bool Takes(LoggedLine line) =>
        line.Level >= Level && (Executor is null || line.Executor == Executor) && (Since is null || line.Time >= Since);

    private static LogLevel ReadLevel(string text)
    {
        if (text.Length == 0)
        {
            return LogLevel.Trace;
        }

        return char.IsAsciiLetter(text[0]) && Enum.TryParse<LogLevel>(text, ignoreCase: true, out var level)
            ? level
            : throw Invalid($"level: expected trace, debug, information, warning, error or critical, not '{text}'.");
    }

    private static TimeSpan? ReadSeconds(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : throw Invalid($"since: expected a whole number of seconds, not '{text}'.");
    }

    private static FlowKitException Invalid(string message) => new(FlowErrorCode.InvalidArgument, message);
}
