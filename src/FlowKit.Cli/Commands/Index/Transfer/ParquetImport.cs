using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.VectorStores;
using Parquet;
using Parquet.Schema;

namespace FlowKit.Cli.Commands.Index.Transfer;

/// <summary>
/// Reads documents from a Parquet file: <c>id</c>, a list <c>embedding</c>, and whatever else of <see cref="ParquetColumns"/> there is;
/// other columns of plain values become tags.
/// </summary>
/// <param name="name">The name of the file for an error.</param>
/// <param name="model">The model that made the embeddings where no column says; <see langword="null"/> when nobody said.</param>
internal sealed class ParquetImport(string name, string? model)
{
    private static readonly (string Column, string Kind)[] s_needed =
        [(ParquetColumns.Id, "texts or whole numbers"), (ParquetColumns.Embedding, "lists of float or double")];

    private readonly List<string> _passedOver = [];

    /// <summary>The columns that are no plain values, which are not read.</summary>
    public IReadOnlyList<string> PassedOver => _passedOver;

    /// <summary>Adds the documents to a store, replacing those with the same id. Columns and ids are checked before any is added.</summary>
    /// <returns>Their number.</returns>
    /// <param name="store">The store.</param>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Ends it; what was written stays.</param>
    /// <exception cref="FlowKitException">It is no Parquet file, damaged, or lacks what documents need.</exception>
    public async Task<long> RunAsync(IVectorStore store, Stream file, CancellationToken cancellationToken)
    {
        await using var reader = await GuardAsync(() => ParquetReader.CreateAsync(file, cancellationToken: cancellationToken));
        var columns = Columns(reader.Schema);
        await CheckIdsAsync(reader, columns[ParquetColumns.Id], cancellationToken);
        return await VectorStoreTransfer.AddAllAsync(store, ReadAsync(reader, columns, cancellationToken), cancellationToken);
    }

    private FlowKitException Invalid(string why, Exception? cause = null) =>
        new(FlowErrorCode.InvalidArgument, $"{name}: {why}.", cause);

    /// <summary>Damaged files fail the library in many ways.</summary>
    private async Task<T> GuardAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception exception) when (exception is not (FlowKitException or OperationCanceledException))
        {
            throw Invalid($"it is no Parquet file, truncated or damaged ({exception.Message.TrimEnd('.')})", exception);
        }
    }

    private Dictionary<string, DataField> Columns(ParquetSchema schema)
    {
        var columns = new Dictionary<string, DataField>(StringComparer.Ordinal);
        foreach (var field in schema.DataFields)
        {
            var column = field.Path.FirstPart!;
            var isWanted = column == ParquetColumns.Embedding ? field.MaxRepetitionLevel == 1 : field.MaxRepetitionLevel == 0;
            if (!isWanted || field.Path.Length > 1 != (column == ParquetColumns.Embedding) || !ParquetValues.CanRead(field))
            {
                _passedOver.Add(field.Path.ToString());
            }
            else
            {
                columns[column] = field;
            }
        }

        foreach (var (needed, kind) in s_needed)
        {
            if (!columns.TryGetValue(needed, out var field) || !ParquetValues.Fits(field, needed))
            {
                throw Invalid(
                    $"it has no column '{needed}' of {kind}; its columns are {string.Join(", ", schema.DataFields.Select(Describe))}");
            }
        }

        return columns;
    }

    private static string Describe(DataField field) =>
        $"{field.Path.FirstPart} ({(field.MaxRepetitionLevel > 0 ? "list of " : "")}{ParquetValues.NameOf(field)})";

    private async Task CheckIdsAsync(ParquetReader reader, DataField column, CancellationToken cancellationToken)
    {
        var (rows, row) = (new Dictionary<string, long>(StringComparer.Ordinal), 0L);
        for (var group = 0; group < reader.RowGroupCount; group++)
        {
            using var part = reader.OpenRowGroupReader(group);
            foreach (var value in await GuardAsync(() => ParquetValues.ReadAsync(part, column, cancellationToken)))
            {
                var id = value?.ToString() ?? throw Invalid($"row {row} has no id");
                if (!rows.TryAdd(id, row))
                {
                    throw Invalid($"the id '{id}' of row {row} is that of row {rows[id]} too");
                }

                row++;
            }
        }
    }

    private async IAsyncEnumerable<PlacedDocument> ReadAsync(
        ParquetReader reader, Dictionary<string, DataField> columns, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var row = 0L;
        for (var group = 0; group < reader.RowGroupCount; group++)
        {
            using var part = reader.OpenRowGroupReader(group);
            var lists = columns[ParquetColumns.Embedding];
            var embeddings = await GuardAsync(() => ParquetValues.ReadListsAsync(part, lists, cancellationToken));
            var values = new Dictionary<string, JsonNode?[]>(StringComparer.Ordinal);
            foreach (var (column, field) in columns.Where(pair => pair.Key != ParquetColumns.Embedding))
            {
                values[column] = await GuardAsync(() => ParquetValues.ReadAsync(part, field, cancellationToken));
            }

            for (var i = 0; i < part.RowCount; i++)
            {
                var place = string.Create(CultureInfo.InvariantCulture, $"{name}: row {row++}");
                var own = values.ToDictionary(pair => pair.Key, pair => pair.Value[i]);
                yield return new PlacedDocument(place, Make(place, embeddings[i], own));
            }
        }
    }

    private Document Make(string place, float[] embedding, Dictionary<string, JsonNode?> values)
    {
        var document = new Document(values[ParquetColumns.Id]!.ToString());
        if (embedding.Length > 0)
        {
            document.Embedding = NdArray.Wrap(embedding);
        }

        foreach (var (column, value) in values.Where(pair => pair.Value is not null && pair.Key != ParquetColumns.Id))
        {
            Set(document, column, value!, place);
        }

        if (model is not null && EmbeddingModel.Of(document) is null)
        {
            document.Metadata[EmbeddingModel.Key] = model;
        }

        return document;
    }

    private static void Set(Document document, string column, JsonNode value, string place)
    {
        switch (column)
        {
            case ParquetColumns.Text:
                document.Text = value.ToString();
                break;
            case ParquetColumns.Uri:
                document.Uri = value.ToString();
                break;
            case ParquetColumns.MimeType:
                document.MimeType = value.ToString();
                break;
            case ParquetColumns.Model:
                document.Metadata[EmbeddingModel.Key] = value.ToString();
                break;
            case ParquetColumns.Tags:
                SetTags(document, value.ToString(), place);
                break;
            default:
                document.Tags[column] = value;
                break;
        }
    }

    private static void SetTags(Document document, string json, string place)
    {
        try
        {
            foreach (var (tag, value) in (JsonNode.Parse(json)?.AsObject() ?? []))
            {
                document.Tags[tag] = value?.DeepClone();
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, $"{place}, tags: '{json}' is no object of JSON.", exception);
        }
    }
}
