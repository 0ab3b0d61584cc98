using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FlowKit.Clip;
using Spectre.Console;

namespace FlowKit.Cli.Commands;

/// <summary><c>flowkit clip compare SUBJECT PROMPT…</c>.</summary>
internal static class ClipCompareCommand
{
    private const string Description = """
        Compares a subject with prompts: the cosine of each, and the probability among them.
        What ends like a picture's file is an image, and has to be there; anything else is text. 'file:' and 'text:' before it say
        which of both it is.

        Examples:
          flowkit clip compare apple.jpg "a red apple" "a dog" "a car"
          flowkit clip compare "hello world" globe cat dog --output json
        """;

    public static Command Create()
    {
        var subject = new Argument<string>("SUBJECT") { Description = "An image file or a text." };
        var prompts = new Argument<string[]>("PROMPT") { Description = "Image files or texts.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--output")
        {
            Description = "table or json.",
            DefaultValueFactory = _ => Console.IsOutputRedirected ? "json" : "table",
        };
        output.AcceptOnlyFromAmong("table", "json");
        var model = ModelOption.Create();
        var command = new Command("compare", Description) { subject, prompts, output, model };
        command.SetAction((result, cancellationToken) =>
        {
            using var clip = ClipModel.Open(result.GetRequiredValue(model), new ClipModelOptions { Load = ClipTowers.None });
            var names = result.GetRequiredValue(prompts);
            var cosines = clip.Compare(
                InputOf(result.GetRequiredValue(subject)), [.. names.Select(InputOf)], cancellationToken);
            Print(names, cosines, clip.Card.Probabilities(cosines), result.GetRequiredValue(output) == "json");
            return Task.FromResult(0);
        });
        return command;
    }

    /// <summary>A file of another ending is a picture too when it is there.</summary>
    private static ClipInput InputOf(string value) => File.Exists(value) ? ClipInput.Image(value) : ClipInput.PathOrText(value);

    private static void Print(string[] prompts, float[] cosines, float[] probabilities, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(
                JsonSerializer.Serialize(
                    prompts.Select((prompt, i) => new { prompt, similarity = cosines[i], probability = probabilities[i] })));
            return;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumns("Prompt", "Similarity", "Probability");
        for (var i = 0; i < prompts.Length; i++)
        {
            table.AddRow(
                Markup.Escape(prompts[i]),
                cosines[i].ToString("0.0000", CultureInfo.InvariantCulture),
                probabilities[i].ToString("0.0000", CultureInfo.InvariantCulture));
        }

        AnsiConsole.Write(table);
    }
}
