using FlowKit.VectorStores;
using FlowKit.VectorStores.VectorData;
using Microsoft.Extensions.VectorData;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary>The options of <see cref="ConnectorIndexer"/>.</summary>
public sealed class ConnectorIndexerOptions : VectorStoreOptions
{
    /// <summary>The name of the collection.</summary>
    public string Collection { get; set; } = "documents";
}

/// <summary>The indexer that the README of FlowKit.VectorStores shows.</summary>
[Executor("ConnectorIndexer")]
public sealed class ConnectorIndexer(VectorStore connector, ConnectorIndexerOptions options) : VectorStoreExecutor(options)
{
    protected override async Task<IVectorStore> OpenAsync(CancellationToken cancellationToken) =>
        await CollectionVectorStore.OpenAsync(
            connector,
            new CollectionOptions
            {
                Name = options.Collection,
                Metric = options.Metric,
                Fields = new Dictionary<string, FieldKind> { ["city"] = FieldKind.Text, ["price"] = FieldKind.Number },
            },
            cancellationToken);
}
