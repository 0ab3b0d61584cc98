using FlowKit.Clip;

namespace FlowKit.Benchmarks;

/// <summary>How close fast preprocessing stays to exact: the cosine of the two embeddings of each photo, as stored and enlarged.</summary>
internal static class FastModeComparison
{
    private const float Goal = 0.999f;

    internal static int Run(string folder, string modelPath)
    {
        using var model = ClipModel.Open(modelPath);
        var photos = Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(static path => (ReadOnlyMemory<byte>)File.ReadAllBytes(path)).ToArray();
        var exact = model.EncodeImages(photos);
        var fast = model.EncodeImages(photos, PreprocessingMode.Fast);
        var cosines = exact.Zip(fast, static (a, b) => ClipScoring.Cosine(a, b)).Order().ToArray();
        Console.WriteLine(FormattableString.Invariant($"fast against exact over {cosines.Length} photos: cosine min {cosines[0]:F6} median {cosines[cosines.Length / 2]:F6} (goal >= {Goal})"));
        return cosines[0] >= Goal ? 0 : 1;
    }
}
