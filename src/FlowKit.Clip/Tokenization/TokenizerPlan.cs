using Microsoft.ML.Tokenizers;

namespace FlowKit.Clip.Tokenization;

/// <summary>A tokenizer of the library, and what a model puts around its ids.</summary>
/// <param name="Tokenizer">Words to tokens.</param>
/// <param name="VocabularySize">The number of ids.</param>
/// <param name="Before">The ids in front of every text.</param>
/// <param name="After">The ids behind it.</param>
/// <param name="Specials">Special tokens and their ids.</param>
/// <param name="Shift">The summand of the tokenizer's own ids.</param>
/// <param name="Unknown">The id of what the vocabulary lacks, which is not shifted; -1 where there is none.</param>
internal sealed record TokenizerPlan(
    Tokenizer Tokenizer,
    int VocabularySize,
    int[] Before,
    int[] After,
    IReadOnlyDictionary<string, int> Specials,
    int Shift = 0,
    int Unknown = -1)
{
    /// <summary>The id of which neighbours become one; -1 for none.</summary>
    internal int FusedUnknown { get; init; } = -1;

    /// <summary>Prepares a text for the tokenizer; leaves it unchanged by default.</summary>
    internal Func<string, string> Prepare { get; init; } = static text => text;
}
