namespace FlowKit.DummyExecutor;

/// <summary>Documents whose vector follows from their number, so that another process can check them.</summary>
public static class KnownDocument
{
    private const int Dimension = 64;

    public static Document Make(int number) => new($"doc-{number}") { Text = $"number {number}", Embedding = NdArray.Wrap(Vector(number)) };

    public static float[] Vector(int number)
    {
        var random = new Random(number);
        return [.. Enumerable.Range(0, Dimension).Select(_ => random.NextSingle() - 0.5f)];
    }
}
