using FlowKit.Tests;

namespace FlowKit.Clip.Tests;

/// <summary>The tokenizers under test, read once.</summary>
internal static class Vocabulary
{
    private static readonly Lazy<ClipTokenizer> OpenAiLazy = new(static () => ClipTokenizer.Load(Path("bpe_simple_vocab_16e6.txt.gz")));

    private static readonly Lazy<ClipTokenizer> HuggingFaceLazy = new(static () => ClipTokenizer.Load(Path("tokenizer.json"), cleaning: TextCleaning.HuggingFace));

    internal static ClipTokenizer OpenAi => OpenAiLazy.Value;

    internal static ClipTokenizer HuggingFace => HuggingFaceLazy.Value;

    internal static string Path(string name) => SharedData.At("data", "clip", name);

    internal static int[] Ids(this ClipTokenizer tokenizer, string text, SpecialTokens special = SpecialTokens.Literal)
    {
        var encoded = tokenizer.Encode(text, special);
        return encoded.Ids[..encoded.Length];
    }
}
