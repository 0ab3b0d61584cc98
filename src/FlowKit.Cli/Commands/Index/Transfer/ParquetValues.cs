using System.Globalization;
using System.Text.Json.Nodes;
using Parquet;
using Parquet.Schema;

namespace FlowKit.Cli.Commands.Index.Transfer;

/// <summary>The values of a column of a group of rows.</summary>
internal static class ParquetValues
{
    private delegate Task<JsonNode?[]> ColumnReader(ParquetRowGroupReader rows, DataField field, CancellationToken cancellationToken);

    private static readonly Dictionary<Type, ColumnReader> s_readers = new()
    {
        [typeof(ReadOnlyMemory<char>)] = ReadTextsAsync,
        [typeof(bool)] = (rows, field, cancelled) => ReadAsync<bool>(rows, field, value => JsonValue.Create(value), cancelled),
        [typeof(byte)] = (rows, field, cancelled) => ReadAsync<byte>(rows, field, value => JsonValue.Create(value), cancelled),
        [typeof(short)] = (rows, field, cancelled) => ReadAsync<short>(rows, field, value => JsonValue.Create(value), cancelled),
        [typeof(int)] = (rows, field, cancelled) => ReadAsync<int>(rows, field, value => JsonValue.Create(value), cancelled),
        [typeof(long)] = (rows, field, cancelled) => ReadAsync<long>(rows, field, value => JsonValue.Create(value), cancelled),
        [typeof(float)] = (rows, field, cancelled) => ReadAsync<float>(rows, field, value => JsonValue.Create(value), cancelled),
        [typeof(double)] = (rows, field, cancelled) => ReadAsync<double>(rows, field, value => JsonValue.Create(value), cancelled),
        [typeof(DateTime)] = (rows, field, cancelled) => ReadAsync<DateTime>(
            rows, field, value => JsonValue.Create(value.ToString("O", CultureInfo.InvariantCulture)), cancelled),
    };

    /// <summary>Tells whether a column's values are plain ones.</summary>
    public static bool CanRead(DataField field) => s_readers.ContainsKey(field.ClrType);

    /// <summary>Tells whether a column that documents need has values of its kind.</summary>
    public static bool Fits(DataField field, string column) => column == ParquetColumns.Embedding
        ? field.ClrType == typeof(float) || field.ClrType == typeof(double)
        : field.ClrType == typeof(ReadOnlyMemory<char>) || field.ClrType == typeof(int) || field.ClrType == typeof(long);

    /// <summary>The kind of a column's values.</summary>
    public static string NameOf(DataField field) =>
        field.ClrType == typeof(ReadOnlyMemory<char>) ? "string" : field.ClrType.Name.ToLowerInvariant();

    /// <summary>Reads a column of plain values, of which <see langword="null"/> is one.</summary>
    public static Task<JsonNode?[]> ReadAsync(ParquetRowGroupReader rows, DataField field, CancellationToken cancellationToken) =>
        s_readers[field.ClrType](rows, field, cancellationToken);

    /// <summary>Reads a column of lists of floats; one that is null or empty has none.</summary>
    public static Task<float[][]> ReadListsAsync(ParquetRowGroupReader rows, DataField field, CancellationToken cancellationToken) =>
        field.ClrType == typeof(double)
            ? ReadListsAsync<double>(rows, field, value => (float)value, cancellationToken)
            : ReadListsAsync<float>(rows, field, value => value, cancellationToken);

    private static async Task<JsonNode?[]> ReadTextsAsync(
        ParquetRowGroupReader rows, DataField field, CancellationToken cancellationToken)
    {
        var values = new string?[rows.RowCount];
        await rows.ReadAsync(field, values.AsMemory(), cancellationToken: cancellationToken);
        return [.. values.Select(value => value is null ? null : (JsonNode)JsonValue.Create(value))];
    }

    private static async Task<JsonNode?[]> ReadAsync<T>(
        ParquetRowGroupReader rows, DataField field, Func<T, JsonNode> toJson, CancellationToken cancellationToken)
        where T : struct
    {
        if (!field.IsNullable)
        {
            var all = new T[rows.RowCount];
            await rows.ReadAsync(field, all.AsMemory(), cancellationToken: cancellationToken);
            return [.. all.Select(toJson)];
        }

        var values = new T?[rows.RowCount];
        await rows.ReadAsync(field, values.AsMemory(), cancellationToken: cancellationToken);
        return [.. values.Select(value => value is { } there ? toJson(there) : null)];
    }

    /// <summary>A list begins where the repetition level is 0, and a value is there where the definition level is the highest.</summary>
    private static async Task<float[][]> ReadListsAsync<T>(
        ParquetRowGroupReader rows, DataField field, Func<T, float> toFloat, CancellationToken cancellationToken)
        where T : struct
    {
        var count = rows.GetMetadata(field)?.MetaData?.NumValues ?? 0;
        var (values, definitions, repetitions) = (new T[count], new int[count], new int[count]);
        await rows.ReadRawAsync(field, values.AsMemory(), definitions.AsMemory(), repetitions.AsMemory(), cancellationToken);
        var (lists, list, next) = (new List<float[]>(), new List<float>(), 0);
        for (var i = 0; i < count; i++)
        {
            if (repetitions[i] == 0 && i > 0)
            {
                lists.Add([.. list]);
                list.Clear();
            }

            if (definitions[i] == field.MaxDefinitionLevel)
            {
                list.Add(toFloat(values[next++]));
            }
        }

        lists.Add([.. list]);
        return lists.Count == rows.RowCount
            ? [.. lists]
            : throw new InvalidDataException($"{lists.Count} lists for {rows.RowCount} rows");
    }
}
