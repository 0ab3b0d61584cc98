using FlowKit.TestKit.VectorStores;
using FlowKit.VectorStores;

namespace FlowKit.Conformance.VectorStores;

/// <summary>The promises of every vector store.</summary>
[ConformanceSuite(typeof(IVectorStore))]
public abstract class VectorStoreSuite
{
    public static TheoryData<string> Promises => [.. VectorStoreConformance.Names];

    [Theory]
    [MemberData(nameof(Promises))]
    public Task A_store_keeps_its_promises(string promise) => new VectorStoreConformance(OpenAsync).RunAsync(promise);

    /// <summary>Opens an empty store.</summary>
    protected abstract Task<IVectorStore> OpenAsync(CancellationToken cancellationToken);
}
