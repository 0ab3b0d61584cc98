using System.Text.Json.Nodes;

namespace FlowKit.Serving.Gateway;

/// <summary>Takes and gives documents of its own types, as execs_v2.py does.</summary>
[Executor("Typed")]
public sealed class TypedExecutor : Executor
{
    [Requests("/typed")]
    public static DocList<Out> Measure(DocList<In> docs) =>
        [.. docs.Select(doc => new Out { Text = doc.Text.ToUpperInvariant(), Length = doc.Text.Length, Emb = NdArray.Wrap(new float[] { 0, 1, 2, 3 }) })];

    [Requests("/one")]
    public static Out MeasureOne(In doc, Settings settings) => new() { Text = doc.Text + settings.Suffix, Length = doc.N };

    [Requests("/gen")]
    public static async IAsyncEnumerable<Out> CountAsync(In doc)
    {
        for (var index = 0; index < 3; index++)
        {
            await Task.Yield();
            yield return new Out { Text = $"{doc.Text}{index}" };
        }
    }

    [Requests("/nest")]
    public static Nested Nest(Nested doc) => doc with { One = doc.One is null ? new TextDoc { Text = "made" } : doc.One with { Text = doc.One.Text + "!" } };

    [Requests("/fail")]
    public static Out Fail(In doc) => throw new InvalidOperationException($"boom {doc.N}");

    [Requests("/legacy")]
    public static void Legacy(DocumentArray docs)
    {
        foreach (var doc in docs)
        {
            doc.Text = doc.Text?.ToUpperInvariant();
        }
    }

    public sealed record In : BaseDoc
    {
        public string Text { get; init; } = "";

        public NdArray? Tensor { get; init; }

        public int N { get; init; }

        public JsonObject Meta { get; init; } = [];
    }

    public sealed record Out : BaseDoc
    {
        public string Text { get; init; } = "";

        public int Length { get; init; }

        public NdArray? Emb { get; init; }
    }

    public sealed record Nested(string Title, TextDoc? One, DocList<ImageDoc>? Many) : BaseDoc
    {
        public ReadOnlyMemory<byte>? Raw { get; init; }
    }

    public sealed class Settings
    {
        public string Suffix { get; set; } = "";
    }
}
