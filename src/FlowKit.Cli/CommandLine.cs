using System.CommandLine;
using FlowKit.Cli.Commands;
using FlowKit.Cli.Commands.Executors;
using FlowKit.Cli.Commands.Export;
using FlowKit.Cli.Commands.Index;
using FlowKit.Cli.Commands.Models;
using FlowKit.Cli.Commands.Watching;
using FlowKit.Cli.Output;
using FlowKit.Configuration.Diagnostics;

namespace FlowKit.Cli;

/// <summary>All commands, and the one place where a failure becomes an exit code: 0 well, 1 failed, 2 wrong use.</summary>
internal static class CommandLine
{
    public const int Failed = 1;

    public const int WrongUse = 2;

    /// <summary>128 and the signal's number, as shells have it for Ctrl-C.</summary>
    public const int Interrupted = 130;

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("FlowKit runs flows: YAML files that wire executors through bounded channels.")
        {
            RunCommand.Create(),
            CheckCommand.Create(),
            ListCommand.Create(),
            PingCommand.Create(),
            PostCommand.Create(),
            BenchCommand.Create(),
            ProfileCommand.Create(),
            ScaleCommand.Create(),
            TopCommand.Create(),
            TraceCommand.Create(),
            LogsCommand.Create(),
            KeyCommand.Create(),
            ExecutorCommand.Create(),
            NewCommand.Create(),
            BuildCommand.Create(),
            ExportCommand.Create(),
            DeployCommand.Create(),
            AutoscaleCommand.Create(),
            ClipCommand.Create(),
            IndexCommand.Create(),
            ModelsCommand.Create(),
            CompletionCommand.Create(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var message in Messages(parsed))
            {
                await Console.Error.WriteLineAsync(message);
            }

            await Console.Error.WriteLineAsync("Try --help.");
            return WrongUse;
        }

        try
        {
            // RunCommand drains on its own; the default would end the process two seconds after Ctrl-C
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception exception)
            when (exception is FlowConfigException or FlowKitException or IOException or UnauthorizedAccessException)
        {
            Report.Error(exception.Message);
            return Failed;
        }
        catch (OperationCanceledException)
        {
            Report.Error("Cancelled.");
            return Failed;
        }
    }

    /// <summary>A misspelled command is told by the name that was probably meant, instead of by everything that follows from it.</summary>
    private static IEnumerable<string> Messages(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (command.Subcommands.Count > 0 && parsed.UnmatchedTokens is [var given, ..] && !given.StartsWith('-'))
        {
            return [$"There is no command '{given}'{NearestName.Hint(given, command.Subcommands.Select(each => each.Name))}"];
        }

        return parsed.Errors.Select(error => ExpectedType.Explain(error.Message));
    }
}
