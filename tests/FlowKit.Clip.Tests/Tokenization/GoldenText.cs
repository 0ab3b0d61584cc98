using System.Text.Json;
using System.Text.RegularExpressions;

namespace FlowKit.Clip.Tests;

/// <summary>A text with what ftfy 6.3.1 and OpenAI's tokenizer make of it, as <c>eng/texts/golden.py</c> wrote it down.</summary>
/// <param name="Name">The function of the reference, and a number.</param>
/// <param name="Function">The function of the reference that the text is for.</param>
/// <param name="Text">The text, in which the file writes lone surrogates as \uXXXX and doubles backslashes.</param>
/// <param name="Cleaned">The text after cleaning.</param>
/// <param name="OpenAi">The ids in OpenAI's vocabulary.</param>
/// <param name="Tiny">The ids in the vocabulary of tiny-clip.</param>
internal sealed record GoldenText(string Name, string Function, string Text, string Cleaned, int[] OpenAi, int[] Tiny)
{
    /// <summary>All of them.</summary>
    internal static IReadOnlyList<GoldenText> All { get; } = Read();

    private static List<GoldenText> Read()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Tokenization", "golden-texts.json");
        var texts = JsonSerializer.Deserialize<List<GoldenText>>(File.ReadAllBytes(path), JsonSerializerOptions.Web)!;
        return [.. texts.Select(static golden => golden with { Text = Regex.Unescape(golden.Text) })];
    }
}
