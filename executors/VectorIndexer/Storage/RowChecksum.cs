using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace FlowKit.Executors.Storage;

/// <summary>
/// The CRC32C of a row: one over its number, id and document, one over its number and vector, so that either is checked without the other.
/// SQLite has none, and a flipped bit in a vector would be a wrong answer that nobody notices.
/// </summary>
/// <param name="Document">The checksum of number, id and document.</param>
/// <param name="Vector">The checksum of number and vector.</param>
internal readonly record struct RowChecksum(uint Document, uint Vector)
{
    /// <summary>Both in one whole number, as the table keeps them.</summary>
    public long Packed => (long)(((ulong)Document << 32) | Vector);

    /// <summary>Takes apart what <see cref="Packed"/> joined.</summary>
    public static RowChecksum Unpack(long packed) => new((uint)((ulong)packed >> 32), (uint)packed);

    /// <summary>The checksum of a row.</summary>
    public static RowChecksum Of(int row, string id, ReadOnlySpan<byte> document, ReadOnlySpan<float> vector) =>
        new(OfDocument(row, id, document), OfVector(row, vector));

    /// <summary>The checksum of a row's number, id and document.</summary>
    public static uint OfDocument(int row, string id, ReadOnlySpan<byte> document) =>
        Append(Append(BitOperations.Crc32C(~0u, (uint)row), Encoding.UTF8.GetBytes(id)), document);

    /// <summary>The checksum of a row's number and vector.</summary>
    public static uint OfVector(int row, ReadOnlySpan<float> vector) =>
        Append(BitOperations.Crc32C(~0u, (uint)row), MemoryMarshal.AsBytes(vector));

    /// <summary>The checksum of a text.</summary>
    public static uint OfText(string text) => Append(~0u, Encoding.UTF8.GetBytes(text));

    /// <summary>The checksum of bytes.</summary>
    public static uint OfBytes(ReadOnlySpan<byte> bytes) => Append(~0u, bytes);

    /// <summary>The length goes in first, so that a byte cannot move from one part into the next unseen.</summary>
    private static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        checksum = BitOperations.Crc32C(checksum, (ulong)bytes.Length);
        var whole = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in whole)
        {
            checksum = BitOperations.Crc32C(checksum, word);
        }

        foreach (var rest in bytes[(whole.Length * sizeof(ulong))..])
        {
            checksum = BitOperations.Crc32C(checksum, rest);
        }

        return checksum;
    }
}
