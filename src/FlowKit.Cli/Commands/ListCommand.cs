using System.CommandLine;
using FlowKit.Components;
using Spectre.Console;

namespace FlowKit.Cli.Commands;

/// <summary><c>flowkit list</c>: what <c>uses:</c> can name.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var command = new Command("list", "Lists the executors that uses: can name, with their endpoints.\n\nExample:\n  flowkit list");
        command.SetAction(_ =>
        {
            var executors = ComponentCatalog.ScanApplication().Executors.ToList();
            if (Console.IsOutputRedirected)
            {
                executors.ForEach(
                    executor => Console.Out.WriteLine($"{executor.Name}\t{string.Join(' ', executor.Endpoints)}\t{executor.Description}"));
                return 0;
            }

            var table = new Table().Border(TableBorder.Rounded).AddColumns("Executor", "Endpoints", "What it does");
            executors.ForEach(
                executor => table.AddRow(
                    Markup.Escape(executor.Name),
                    Markup.Escape(string.Join(' ', executor.Endpoints)),
                    Markup.Escape(executor.Description)));
            AnsiConsole.Write(table);
            return 0;
        });
        return command;
    }
}
