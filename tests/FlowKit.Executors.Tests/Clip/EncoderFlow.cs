namespace FlowKit.Executors.Tests.Encoding;

/// <summary>One flow with both encoders, two replicas each, for all tests of a class.</summary>
public sealed class EncoderFlow : IAsyncLifetime
{
    private TestFlow? _flow;

    internal TestFlow Flow => _flow!;

    public async Task InitializeAsync() => _flow = await TestFlow.StartAsync("""
        - { name: image, uses: ClipImageEncoder, replicas: 2 }
        - { name: text, uses: ClipTextEncoder, replicas: 2 }
        """);

    public Task DisposeAsync() => _flow!.DisposeAsync().AsTask();

    internal Task<DocumentArray> EncodeAsync(IEnumerable<Document> documents, string parameters = "{}") => Flow.SendAsync("/", documents, parameters);

    internal async Task<float[]> EmbedAsync(Document document)
    {
        var reply = await EncodeAsync([document]);
        Assert.Null(reply[0].Error);
        return reply[0].Embedding!.ToFloats();
    }
}
