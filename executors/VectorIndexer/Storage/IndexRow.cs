namespace FlowKit.Executors.Storage;

/// <summary>A row of the index as it is written.</summary>
/// <param name="Row">The number of the row, from 0.</param>
/// <param name="Id">The document's id.</param>
/// <param name="Document">The document as compact JSON, without its embedding.</param>
/// <param name="Vector">The embedding as it was sent.</param>
/// <param name="Words">The words that it is found by; empty for none.</param>
internal sealed record IndexRow(int Row, string Id, byte[] Document, float[] Vector, string Words = "")
{
    /// <summary>The checksum over all of it.</summary>
    public RowChecksum Checksum { get; } = RowChecksum.Of(Row, Id, Document, Vector);
}
