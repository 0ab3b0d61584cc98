using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FlowKit.Clip.Tokenization;

/// <summary>The steps of a <c>tokenizer.json</c>'s normalizer that the library does not do itself.</summary>
internal static class NormalizerSteps
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Returns a function that applies the normalization steps to a text.</summary>
    /// <param name="steps">The normalizer's steps.</param>
    /// <param name="splitsAtSpaces">Whether any white space ends a word, and counts as one space.</param>
    /// <exception cref="InvalidDataException">A step that is not known: leaving it out would give other ids.</exception>
    internal static Func<string, string> Of(IEnumerable<JsonObject> steps, bool splitsAtSpaces)
    {
        var all = steps.Select(Step).OfType<Func<string, string>>().ToList();
        if (splitsAtSpaces)
        {
            all.Add(static text => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        }

        return text => all.Aggregate(text, static (current, step) => step(current));
    }

    private static Func<string, string>? Step(JsonObject step) => step["type"]?.GetValue<string>() switch
    {
        // These go into the SentencePiece model.
        "Precompiled" or "Prepend" or "BertNormalizer" => null,
        "Lowercase" => static text => text.ToLowerInvariant(),
        "NFC" => CanonicalComposition.Of,
        "NFD" => CanonicalComposition.Decomposed,
        "Strip" => static text => text.Trim(),
        "Replace" => Replace(step),
        var other => throw new InvalidDataException($"its normalizer has a step '{other}' that FlowKit does not know"),
    };

    private static Func<string, string>? Replace(JsonObject step)
    {
        var content = step["content"]!.GetValue<string>();
        if (step["pattern"]!["String"]?.GetValue<string>() is { } literal)
        {
            return content == "\u2581" && literal == " " ? null : text => text.Replace(literal, content, StringComparison.Ordinal);
        }

        var pattern = new Regex(step["pattern"]!["Regex"]!.GetValue<string>(), RegexOptions.CultureInvariant, Patience);
        return text => pattern.Replace(text, content);
    }
}
