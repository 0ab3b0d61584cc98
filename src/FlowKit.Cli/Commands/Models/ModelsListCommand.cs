using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FlowKit.Clip;
using FlowKit.Clip.Models;
using Spectre.Console;

namespace FlowKit.Cli.Commands.Models;

/// <summary><c>flowkit models list</c>.</summary>
internal static class ModelsListCommand
{
    private const string Description = """
        Prints the models that FlowKit knows: their size, dimension, context, and whether they are here or can be pulled.

        Examples:
          flowkit models list
          flowkit models list siglip
          flowkit models list --here --output json
        """;

    public static Command Create()
    {
        var filter = new Argument<string?>("FILTER")
        {
            Description = "A part of a name, an alias or a family.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var here = new Option<bool>("--here") { Description = "Only those that are on this machine." };
        var output = new Option<string>("--output")
        {
            Description = "table or json.",
            DefaultValueFactory = _ => Console.IsOutputRedirected ? "json" : "table",
        };
        output.AcceptOnlyFromAmong("table", "json");
        var command = new Command("list", Description) { filter, here, output };
        command.SetAction(result =>
        {
            var rows = Rows().Where(row => Matches(row, result.GetValue(filter) ?? "") && (!result.GetValue(here) || row.Here)).ToList();
            if (result.GetRequiredValue(output) == "json")
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(rows, JsonSerializerOptions.Web));
            }
            else
            {
                Print(rows);
            }

            return 0;
        });
        return command;
    }

    private static IEnumerable<Row> Rows()
    {
        var store = ClipModelStore.Default;
        var own = store.Names.Where(static name => ClipRegistry.Find(name) is null).Append("tiny-clip");
        return own.Select(static name => ClipModelFolder.Open(name).Card)
            .Select(
                static card =>
                    new Row(
                        card.Name,
                        card.Name == "tiny-clip" ? "built in" : "added",
                        card.ImageSize,
                        card.Dimension,
                        card.ContextLength,
                        card.Tokenizer,
                        ScaleOf(card),
                        Here: true,
                        Repo: null,
                        []))
            .Concat(
                ClipRegistry.All.Select(
                    entry => new Row(
                        entry.Name,
                        entry.Family,
                        entry.Card.ImageSize,
                        entry.Card.Dimension,
                        entry.Card.ContextLength,
                        entry.Card.Tokenizer,
                        ScaleOf(entry.Card),
                        Directory.Exists(store.FolderOf(entry.Name)),
                        entry.Hub?.Repo,
                        entry.Aliases)));
    }

    private static bool Matches(Row row, string filter) =>
        row.Aliases.Append(row.Name).Append(row.Family).Any(name => name.Contains(filter, StringComparison.OrdinalIgnoreCase));

    private static void Print(List<Row> rows)
    {
        var table = new Table()
            .Border(TableBorder.Rounded)
            .AddColumns("Model", "Family", "Pixels", "Values", "Ids", "Tokenizer", "Scale", "Where");
        foreach (var row in rows)
        {
            table.AddRow(
                Markup.Escape(row.Name),
                Markup.Escape(row.Family),
                Number(row.ImageSize),
                Number(row.Dimension),
                Number(row.ContextLength),
                row.Tokenizer,
                row.Scale?.ToString(CultureInfo.InvariantCulture) ?? "not published",
                row.Here ? "here" : Markup.Escape(row.Repo ?? ""));
        }

        AnsiConsole.Write(table);
    }

    /// <summary>The function that makes probabilities of the model's cosines; none where nobody has published it.</summary>
    private static float? ScaleOf(ClipModelCard card) => card.ScaleStated ? card.LogitScale : null;

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private sealed record Row(
        string Name,
        string Family,
        int ImageSize,
        int Dimension,
        int ContextLength,
        string Tokenizer,
        float? Scale,
        bool Here,
        string? Repo,
        IReadOnlyList<string> Aliases);
}
