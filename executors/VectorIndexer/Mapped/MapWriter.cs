using System.Runtime.InteropServices;
using FlowKit.Executors.Scan;
using FlowKit.Executors.Storage;

namespace FlowKit.Executors.Mapped;

/// <summary>Writes the sections of a map one after another, and its header when all of them are on the disk.</summary>
internal sealed class MapWriter : IDisposable
{
    private const int BufferSize = 1 << 20;

    private readonly MapHeader _header;
    private readonly BufferedStream _stream;
    private readonly FileStream _file;

    public MapWriter(string path, MapHeader header)
    {
        _header = header;
        _file = PrivateFile.Open(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        _stream = new BufferedStream(_file, BufferSize);
        _stream.Write(new byte[MapHeader.Size]);
    }

    /// <summary>Writes a section of one piece.</summary>
    public void Write(MapSection section, ReadOnlySpan<byte> bytes)
    {
        _header[section] = (_stream.Position, bytes.Length, RowChecksum.OfBytes(bytes));
        _stream.Write(bytes);
        Align();
    }

    /// <summary>Writes the vectors, each block with a checksum of its own.</summary>
    public void WriteVectors(VectorMatrix matrix)
    {
        var (start, checksums) = (_stream.Position, new uint[_header.Blocks]);
        for (var block = 0; block < checksums.Length; block++)
        {
            var bytes = matrix.Block(block);
            checksums[block] = RowChecksum.OfBytes(bytes);
            _stream.Write(bytes);
        }

        _header[MapSection.Vectors] = (start, _stream.Position - start, 0);
        Align();
        Write(MapSection.BlockChecksums, MemoryMarshal.AsBytes(checksums.AsSpan()));
    }

    /// <summary>Makes a map of what was written.</summary>
    public void Finish()
    {
        _stream.Flush();
        _file.Flush(flushToDisk: true);
        _file.Position = 0;
        _file.Write(_header.Write());
        _file.Flush(flushToDisk: true);
    }

    public void Dispose()
    {
        _stream.Dispose();
        _file.Dispose();
    }

    private void Align()
    {
        var beyond = (int)(_stream.Position % MapHeader.Size);
        if (beyond > 0)
        {
            _stream.Write(new byte[MapHeader.Size - beyond]);
        }
    }
}
