namespace FlowKit.Executors.Tests.Classifying;

/// <summary>One flow with a ZeroShotClassifier for all tests of a class.</summary>
public sealed class ClassifierFlow : IAsyncLifetime
{
    private TestFlow? _flow;

    internal TestFlow Flow => _flow!;

    public async Task InitializeAsync() => _flow = await TestFlow.StartAsync("- { name: labels, uses: ZeroShotClassifier, uses_with: { labels: [dog, banana, airplane, red apple], templates: ['{}', 'a {}', 'a photo of a {}'], top_k: 3 } }");

    public Task DisposeAsync() => _flow!.DisposeAsync().AsTask();
}
