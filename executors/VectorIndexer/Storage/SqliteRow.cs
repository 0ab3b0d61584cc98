using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace FlowKit.Executors.Storage;

/// <summary>Reads rows in the order of columns <c>row, id, document, embedding, checksum</c>.</summary>
internal static class SqliteRow
{
    /// <summary>The row that the reader stands on. Damage may have changed the kind of any column.</summary>
    public static StoredRow Read(SqliteDataReader reader) => new(
        reader.GetInt64(0),
        reader.GetValue(1) as string ?? "",
        reader.GetValue(2) as byte[] ?? [],
        ToFloats(reader.GetValue(3) as byte[] ?? []),
        ReadChecksum(reader.GetValue(4)));

    private static RowChecksum? ReadChecksum(object value) => value switch
    {
        DBNull => null,
        long packed => RowChecksum.Unpack(packed),
        _ => default(RowChecksum),
    };

    /// <summary>A vector that has lost some of its bytes keeps none, so that its checksum fails.</summary>
    private static float[] ToFloats(byte[] bytes) =>
        bytes.Length % sizeof(float) == 0 ? MemoryMarshal.Cast<byte, float>(bytes).ToArray() : [];
}
