using FlowKit.Configuration.Flow;
using Spectre.Console;

namespace FlowKit.Cli.Output;

/// <summary>The messages for people: on standard error, in colour only on a terminal, so that standard output stays the result.</summary>
internal static class Report
{
    public static IAnsiConsole Console { get; } = Create();

    /// <summary>Indicates whether a person watches.</summary>
    public static bool IsTerminal => !System.Console.IsErrorRedirected;

    public static void Error(string message) => Console.MarkupLineInterpolated($"[red]error:[/] {ShownText.Of(message)}");

    public static void Warning(string message) => Console.MarkupLineInterpolated($"[yellow]warning:[/] {ShownText.Of(message)}");

    /// <summary>Shows what a flow's file says in vain.</summary>
    public static void Warnings(FlowConfig config)
    {
        foreach (var warning in config.Warnings)
        {
            Warning(warning.ToString());
        }
    }

    public static void Line(string message) => Console.WriteLine(ShownText.Of(message));

    /// <summary>A log file has no width: lines are not broken there, and no colour codes are written.</summary>
    private static IAnsiConsole Create()
    {
        var plain = System.Console.IsErrorRedirected;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = plain ? InteractionSupport.No : InteractionSupport.Detect,
            Out = new AnsiConsoleOutput(System.Console.Error),
        });
        if (plain)
        {
            console.Profile.Width = int.MaxValue;
        }

        return console;
    }
}
