using FlowKit.Clip.Inference.Texts;

namespace FlowKit.Clip.Tests;

public sealed class TextLengthTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flowkit-lengths");

    [Fact]
    public void Texts_run_at_their_own_length_and_answer_as_at_the_full_one()
    {
        ModelLayouts.Text().Save(Path.Combine(_folder.FullName, "textual.onnx"));
        ModelLayouts.CopyVocabulary(_folder.FullName);
        File.WriteAllText(Path.Combine(_folder.FullName, "model.json"), """{"pad_to_context": true}""");
        using var expected = ClipModel.Open(_folder.FullName);
        using var model = ClipModel.Open("tiny-clip");
        var texts = Enumerable.Range(0, 40).Select(static i => string.Join(' ', Enumerable.Range(0, (i % 13) + 1).Select(j => $"word{i}{j}"))).ToArray();
        var (left, right) = (expected.EncodeTexts(texts), model.EncodeTexts(texts));
        Assert.All(left.Zip(right), static pair => Assert.True(1 - ClipScoring.Cosine(pair.First, pair.Second) < 1e-5f));
    }

    [Fact]
    public void The_embedded_model_takes_texts_of_any_length()
    {
        using var tower = new TextTower(ClipModelFolder.Open("tiny-clip"), new ClipModelOptions());

        Assert.True(tower.Lengths.AreFree);
        Assert.Equal(77, tower.Lengths.Max);
    }

    [Fact]
    public void Lengths_come_in_steps_and_never_exceed_the_context()
    {
        var lengths = new TextLengths(new ClipModelCard { Name = "m", ContextLength = 77 }, null);
        Assert.Equal([8, 8, 16, 72, 77], new[] { 2, 8, 9, 70, 75 }.Select(length => lengths.Bucket(new TokenizedText(new int[77], length, 0, 0))));
        Assert.Equal(77, new TextLengths(new ClipModelCard { Name = "m", PadToContext = true }, null).Bucket(new TokenizedText(new int[77], 2, 0, 0)));
        Assert.Equal(52, new TextLengths(new ClipModelCard { Name = "m" }, 52).Bucket(new TokenizedText(new int[77], 2, 0, 0)));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
