using System.Globalization;
using FlowKit.VectorStores;

namespace FlowKit.Executors.Storage;

/// <summary>The index as a whole as it should be: rows that are missing, or that are of an earlier write, are told by it.</summary>
/// <param name="Stamp">The kind of the vectors; <see langword="null"/> in an index that never had any.</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="Sum">The sum of all rows' checksums.</param>
internal sealed record IndexState(VectorStamp? Stamp, long Rows, long Sum)
{
    /// <summary>The state of an index that nothing was written to.</summary>
    public static readonly IndexState Empty = new(null, 0, 0);

    /// <summary>The checksum of the state itself.</summary>
    public string Check => RowChecksum.OfText($"{Stamp?.Dimension}\n{Stamp?.Model}\n{Rows}\n{Sum}").ToString(CultureInfo.InvariantCulture);
}
