using Spectre.Console;

namespace FlowKit.Cli.Output;

/// <summary>What people read: on standard error, in colour only on a terminal, so that standard output stays the result.</summary>
internal static class Report
{
    public static IAnsiConsole Console { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(System.Console.Error) });

    /// <summary>Whether a person watches.</summary>
    public static bool IsTerminal => !System.Console.IsErrorRedirected;

    public static void Error(string message) => Console.MarkupLineInterpolated($"[red]error:[/] {message}");

    public static void Warning(string message) => Console.MarkupLineInterpolated($"[yellow]warning:[/] {message}");

    public static void Line(string message) => Console.WriteLine(message);
}
