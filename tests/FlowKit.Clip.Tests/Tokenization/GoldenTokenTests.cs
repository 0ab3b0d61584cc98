using System.Text.Json;
using FlowKit.Tests;

namespace FlowKit.Clip.Tests;

public sealed class GoldenTokenTests
{
    // ftfy, which OpenAI's cleaning follows, makes a wide tilde a plain one; Hugging Face's does not.
    private const string OnlyHuggingFace = "TILDE_NORMALIZATION";

    // The ids listed under this name are those of OWL-ViT, which has no merges of punctuation; CLIP's are in the theory below.
    private const string OfAnotherModel = "PUNCTUATION";

    [SharedDataFact]
    public void Every_golden_text_gives_the_reference_ids_with_the_hugging_face_vocabulary()
    {
        foreach (var (name, text, ids) in Goldens())
        {
            Assert.True(ids.SequenceEqual(Vocabulary.HuggingFace.Ids(text)), name);
        }
    }

    [SharedDataFact]
    public void Every_golden_text_gives_the_reference_ids_with_openais_vocabulary()
    {
        foreach (var (name, text, ids) in Goldens().Where(static golden => golden.Name != OnlyHuggingFace))
        {
            Assert.True(ids.SequenceEqual(Vocabulary.OpenAi.Ids(text)), name);
        }
    }

    [SharedDataTheory]
    [InlineData("a photo of a cat", new[] { 49406, 320, 1125, 539, 320, 2368, 49407 })]
    [InlineData("Hello World!", new[] { 49406, 3306, 1002, 256, 49407 })]
    [InlineData("a photo of a really, functistaner big cat.", new[] { 49406, 320, 1125, 539, 320, 1414, 267, 8679, 555, 2203, 528, 1205, 2368, 269, 49407 })]
    [InlineData("A\n'll !!to?'d''d of, can't.", new[] { 49406, 320, 1342, 748, 531, 13610, 323, 8445, 323, 539, 267, 753, 713, 269, 49407 })]
    [InlineData("1 \0 2 \uFFFD 3", new[] { 49406, 272, 444, 273, 39802, 274, 49407 })]
    public void A_reference_sentence_gives_its_ids(string text, int[] ids) => Assert.Equal(ids, Vocabulary.HuggingFace.Ids(text));

    [SharedDataFact]
    public void Both_vocabulary_files_are_the_same_vocabulary()
    {
        Assert.Equal(49408, Vocabulary.OpenAi.VocabularySize);
        Assert.Equal(49408, Vocabulary.HuggingFace.VocabularySize);
        Assert.Equal((49406, 49407), (Vocabulary.OpenAi.BeginId, Vocabulary.OpenAi.EndId));
    }

    private static List<(string Name, string Text, int[] Ids)> Goldens()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Vocabulary.Path("tokens.json")));
        var goldens = document.RootElement.EnumerateArray()
            .Where(static golden => golden.GetProperty("n").GetString() != OfAnotherModel)
            .Select(static golden => (golden.GetProperty("n").GetString()!, golden.GetProperty("text").GetString()!, golden.GetProperty("ids").EnumerateArray().Select(static id => id.GetInt32()).ToArray()))
            .ToList();
        Assert.NotEmpty(goldens);
        return goldens;
    }
}
