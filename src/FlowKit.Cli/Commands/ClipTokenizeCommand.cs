using System.CommandLine;
using System.Text.Json;
using FlowKit.Cli.Output;
using FlowKit.Clip;

namespace FlowKit.Cli.Commands;

/// <summary><c>flowkit clip tokenize TEXT</c>.</summary>
internal static class ClipTokenizeCommand
{
    private const string Description = """
        Prints the token ids of a text as a JSON array, without padding.

        Examples:
          flowkit clip tokenize "a photo of a cat"
          flowkit clip tokenize "a photo of a cat" --vocab bpe_simple_vocab_16e6.txt.gz
        """;

    public static Command Create()
    {
        var text = new Argument<string>("TEXT") { Description = "The text." };
        var vocab = new Option<string?>("--vocab")
        {
            Description = "A vocabulary: merges.txt, tokenizer.json or bpe_simple_vocab_16e6.txt.gz, instead of the model's.",
        };
        var model = ModelOption.Create();
        var command = new Command("tokenize", Description) { text, vocab, model };
        command.SetAction(result =>
        {
            TextTokenizer tokenizer = result.GetValue(vocab) is { } path
                ? ClipTokenizer.Load(path)
                : ClipModelFolder.Open(result.GetRequiredValue(model)).LoadTokenizer();
            var tokens = tokenizer.Encode(result.GetRequiredValue(text));
            if (tokens.Truncated)
            {
                Report.Warning(
                    $"The text is cut to {tokenizer.ContextLength} tokens: {tokens.LostTokens} tokens are lost: \"{tokens.LostExcerpt}\".");
            }

            Console.Out.WriteLine(JsonSerializer.Serialize(tokens.Ids[..tokens.Length]));
            return 0;
        });
        return command;
    }
}
