using System.Runtime.InteropServices;
using FlowKit.Executors.Scan;
using FlowKit.Executors.Storage;
using FlowKit.VectorStores;

namespace FlowKit.Executors.Mapped;

/// <summary>Compares every byte of a map with its checksums, on all cores.</summary>
/// <param name="file">The file.</param>
/// <param name="header">Its header, which is whole.</param>
internal sealed class MapCheck(MappedFile file, MapHeader header)
{
    private static readonly MapSection[] s_small = [.. Enum.GetValues<MapSection>().Where(section => section != MapSection.Vectors)];

    /// <summary>Tells whether everything is there and as it was written.</summary>
    public bool IsWhole()
    {
        if (!HasSections())
        {
            return false;
        }

        var (offset, length, _) = header[MapSection.Vectors];
        var bytes = (int)(length / Math.Max(1, header.Blocks));
        var isWhole = true;
        Parallel.For(0, s_small.Length + header.Blocks, (part, loop) =>
        {
            var isGood = part < s_small.Length
                ? IsWholeSection(s_small[part])
                : RowChecksum.OfBytes(file.Values<byte>(offset + ((long)(part - s_small.Length) * bytes), bytes))
                    == Numbers<uint>(MapSection.BlockChecksums)[part - s_small.Length];
            if (!isGood)
            {
                Volatile.Write(ref isWhole, false);
                loop.Stop();
            }
        });
        return isWhole;
    }

    private bool HasSections()
    {
        var isDistance = header.Metric == VectorMetric.L2;
        var vectors = (long)header.Blocks * VectorMatrix.BlockRows * DotKernel.PaddedLength(header.Dimension) * header.ValueBytes;
        return header.Rows >= 0
            && Enum.GetValues<MapSection>().All(section => header[section] is var (offset, length, _)
                && offset >= 0 && length >= 0 && offset + length <= file.Length
                && (section == MapSection.Vectors || length <= int.MaxValue))
            && header[MapSection.IdLengths].Length == (long)header.Rows * sizeof(int)
            && header[MapSection.Checksums].Length == (long)header.Rows * sizeof(long)
            && header[MapSection.HalfNorms].Length == (isDistance ? (long)header.Rows * sizeof(float) : 0)
            && header[MapSection.Scales].Length == (header.HasHalves ? (long)header.Rows * sizeof(float) : 0)
            && header[MapSection.BlockChecksums].Length == (long)header.Blocks * sizeof(uint)
            && header[MapSection.Levels].Length == (header.M > 0 ? header.Rows : 0)
            && header[MapSection.LinkStarts].Length == (header.M > 0 ? (long)header.Rows * sizeof(long) : 0)
            && header[MapSection.Vectors].Length == vectors;
    }

    private bool IsWholeSection(MapSection section)
    {
        var (offset, length, checksum) = header[section];
        return length == 0 || RowChecksum.OfBytes(file.Values<byte>(offset, (int)length)) == checksum;
    }

    private ReadOnlySpan<T> Numbers<T>(MapSection section)
        where T : unmanaged =>
        file.Values<T>(header[section].Offset, (int)(header[section].Length / Marshal.SizeOf<T>()));
}
