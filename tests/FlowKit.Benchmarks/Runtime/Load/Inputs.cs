namespace FlowKit.Benchmarks.Runtime;

/// <summary>Documents to send.</summary>
internal static class Inputs
{
    private const int TextLength = 64;

    /// <summary>Short texts with ids of their own.</summary>
    public static DocumentArray Texts(int count) => new(Enumerable.Range(0, count).Select(_ => new Document { Text = new string('x', TextLength) }));
}
