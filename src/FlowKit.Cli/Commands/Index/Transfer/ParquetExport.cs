using FlowKit.VectorStores;
using Parquet;
using Parquet.Schema;

namespace FlowKit.Cli.Commands.Index.Transfer;

/// <summary>Writes the documents of a store as a Parquet file, tags as JSON and embeddings as lists.</summary>
internal static class ParquetExport
{
    private const int GroupRows = 5_000;

    /// <summary>Writes all documents.</summary>
    /// <returns>Their number.</returns>
    /// <param name="store">The store.</param>
    /// <param name="output">The file, which can seek.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<long> RunAsync(IVectorStore store, Stream output, CancellationToken cancellationToken)
    {
        var (count, group) = (0L, new List<Document>(GroupRows));
        await using var writer = await ParquetWriter.CreateAsync(
            ParquetColumns.Schema, output, cancellationToken: cancellationToken);
        await foreach (var document in VectorStoreTransfer.ReadAllAsync(store, cancellationToken))
        {
            group.Add(document);
            if (group.Count == GroupRows)
            {
                count += await WriteAsync(writer, group, cancellationToken);
            }
        }

        return group.Count == 0 ? count : count + await WriteAsync(writer, group, cancellationToken);
    }

    private static async Task<int> WriteAsync(ParquetWriter writer, List<Document> group, CancellationToken cancellationToken)
    {
        using var rows = writer.CreateRowGroup();
        foreach (var field in ParquetColumns.Schema.DataFields)
        {
            if (field.Path.FirstPart == ParquetColumns.Embedding)
            {
                await WriteEmbeddingsAsync(rows, field, group, cancellationToken);
            }
            else
            {
                await rows.WriteAsync(field, [.. group.Select(document => TextOf(document, field.Name)!)]);
            }
        }

        var count = group.Count;
        group.Clear();
        return count;
    }

    private static async Task WriteEmbeddingsAsync(
        ParquetRowGroupWriter rows, DataField field, List<Document> group, CancellationToken cancellationToken)
    {
        float[] values = [.. group.SelectMany(document => document.Embedding!.ToFloats())];
        var (definitions, repetitions, start) = (new int[values.Length], new int[values.Length], 0);
        Array.Fill(definitions, field.MaxDefinitionLevel);
        Array.Fill(repetitions, field.MaxRepetitionLevel);
        foreach (var document in group)
        {
            repetitions[start] = 0;
            start += document.Embedding!.Length;
        }

        await rows.WriteAllPartsAsync<float>(field, values, definitions, repetitions, cancellationToken);
    }

    private static string? TextOf(Document document, string column) => column switch
    {
        ParquetColumns.Id => document.Id,
        ParquetColumns.Text => document.Text,
        ParquetColumns.Uri => document.Uri,
        ParquetColumns.MimeType => document.MimeType,
        ParquetColumns.Model => EmbeddingModel.Of(document),
        _ => document.HasTags ? document.Tags.ToJsonString() : null,
    };
}
