using FlowKit.Conformance.Launchers;
using FlowKit.TestKit.VectorStores;
using FlowKit.VectorStores;

namespace FlowKit.Conformance.VectorStores;

/// <summary>The promises of every vector store.</summary>
[ConformanceSuite(typeof(IVectorStore))]
public abstract class VectorStoreSuite
{
    [LauncherFact]
    public Task A_store_keeps_every_promise() => CheckAsync(new VectorStoreConformance(OpenAsync));

    /// <summary>Opens an empty store.</summary>
    protected abstract Task<IVectorStore> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Tries all promises, and tells of every one that is broken.</summary>
    protected static async Task CheckAsync(VectorStoreConformance conformance)
    {
        var broken = new List<string>();
        foreach (var promise in VectorStoreConformance.Names)
        {
            try
            {
                await conformance.RunAsync(promise);
            }
            catch (Exception exception)
            {
                broken.Add($"{promise}: {exception}");
            }
        }

        Assert.True(broken.Count == 0, string.Join("\n\n", broken));
    }
}
