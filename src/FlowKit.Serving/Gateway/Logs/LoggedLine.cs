using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Gateway.Logs;

/// <summary>A line of the flow's log.</summary>
/// <param name="Number">Its number, from 0.</param>
/// <param name="Time">When it was written.</param>
/// <param name="Level">Its level.</param>
/// <param name="Category">Who wrote it.</param>
/// <param name="Message">What it says.</param>
internal sealed record LoggedLine(long Number, DateTimeOffset Time, LogLevel Level, string Category, string Message)
{
    /// <summary>The id of the event.</summary>
    public int Event { get; init; }

    /// <summary>The executor that it is about; <see langword="null"/> where it is about none.</summary>
    public string? Executor { get; init; }

    /// <summary>The trace in which it was written; <see langword="null"/> outside any.</summary>
    public string? Trace { get; init; }

    /// <summary>The exception that it tells of, with its stack.</summary>
    public string? Exception { get; init; }

    /// <summary>Returns it as one line of JSON.</summary>
    public string ToJson()
    {
        var json = new JsonObject
        {
            ["time"] = Time.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            ["level"] = Level.ToString(),
            ["category"] = Category,
            ["event"] = Event,
        };
        foreach (var (name, value) in new[] { ("executor", Executor), ("trace", Trace), ("message", Message), ("exception", Exception) })
        {
            if (value is not null)
            {
                json[name] = value;
            }
        }

        return json.ToJsonString();
    }
}
