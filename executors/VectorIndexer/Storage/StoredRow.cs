namespace FlowKit.Executors.Storage;

/// <summary>A row as it was read, whole or damaged.</summary>
/// <param name="Row">The number of the row.</param>
/// <param name="Id">The id, as far as it can be read.</param>
/// <param name="Document">The document as compact JSON.</param>
/// <param name="Vector">The embedding; empty where it was not asked for.</param>
/// <param name="Checksum">The checksum that the table has for it; <see langword="null"/> in a file of the first format.</param>
internal sealed record StoredRow(long Row, string Id, byte[] Document, float[] Vector, RowChecksum? Checksum)
{
    /// <summary>Tells whether all of the row is as it was written.</summary>
    public bool IsWhole =>
        Row is >= 0 and <= int.MaxValue && (Checksum is not { } written || written == RowChecksum.Of((int)Row, Id, Document, Vector));

    /// <summary>The name of a damaged row for people.</summary>
    public string Name => Checksum is { } written && Row is >= 0 and <= int.MaxValue
        && written.Document == RowChecksum.OfDocument((int)Row, Id, Document) ? Id : $"row {Row} (perhaps '{Shorten(Id)}')";

    private static string Shorten(string id) => id.Length <= 40 ? id : id[..40];
}
