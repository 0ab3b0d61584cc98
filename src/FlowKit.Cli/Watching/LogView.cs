using System.Globalization;
using System.Text.Json.Nodes;
using FlowKit.Cli.Output;
using Spectre.Console;

namespace FlowKit.Cli.Watching;

/// <summary>A line of a flow's log: in colours for people, as JSON for programs.</summary>
internal static class LogView
{
    private const int TraceShown = 8;

    /// <summary>Writes a line to standard output.</summary>
    public static void Show(JsonObject line)
    {
        if (Console.IsOutputRedirected)
        {
            Console.Out.WriteLine(line.ToJsonString());
            Console.Out.Flush();
            return;
        }

        AnsiConsole.MarkupLine(MarkupOf(line));
    }

    /// <summary>Returns a line for people: time, level, executor, message, the beginning of its trace.</summary>
    public static string MarkupOf(JsonObject line)
    {
        if (line["lost"] is { } lost)
        {
            return $"[yellow]({lost} lines were written faster than they were read)[/]";
        }

        var time = DateTimeOffset.Parse((string)line["time"]!, CultureInfo.InvariantCulture).ToLocalTime();
        var (level, colour) = LevelOf((string)line["level"]!);
        var executor = (string?)line["executor"] is { } name ? $"[aqua]{Escaped(name)}[/] " : "";
        var trace = (string?)line["trace"] is { Length: >= TraceShown } id ? $" [grey]{Escaped(id[..TraceShown])}[/]" : "";
        var exception = (string?)line["exception"] is { } thrown ? $"\n[grey]{Escaped(thrown)}[/]" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"[grey]{time:HH:mm:ss.fff}[/] [{colour}]{level}[/] {executor}{Escaped((string)line["message"]!)}{trace}{exception}");
    }

    private static (string Name, string Colour) LevelOf(string level) => level switch
    {
        "Critical" => ("crit", "red"),
        "Error" => ("fail", "red"),
        "Warning" => ("warn", "yellow"),
        "Information" => ("info", "green"),
        "Debug" => ("dbug", "grey"),
        _ => ("trce", "grey"),
    };

    private static string Escaped(string text) => Markup.Escape(ShownText.Of(text));
}
