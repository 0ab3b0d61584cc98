namespace FlowKit.Benchmarks.Runtime;

/// <summary>Several flows that end together.</summary>
internal sealed class RuntimeFlows(IReadOnlyList<RuntimeFlow> flows) : IAsyncDisposable
{
    public RuntimeFlow this[int index] => flows[index];

    public async ValueTask DisposeAsync()
    {
        foreach (var flow in flows)
        {
            await flow.DisposeAsync();
        }
    }
}
