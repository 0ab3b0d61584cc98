using System.IO.MemoryMappedFiles;

namespace FlowKit.Fuzz;

/// <summary>The input that a run reads now, in memory that outlives the run: what ends a process cannot be caught in it.</summary>
internal sealed class CurrentInput : IDisposable
{
    private const int Header = 16;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    public CurrentInput(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, Header + Mutator.MaxLength);
        _view = _file.CreateViewAccessor();
    }

    /// <summary>The number of inputs so far.</summary>
    public long Count => _view.ReadInt64(0);

    /// <summary>Writes an input before it is read.</summary>
    public void Write(byte[] input)
    {
        _view.Write(8, input.Length);
        _view.WriteArray(Header, input, 0, input.Length);
        _view.Write(0, Count + 1);
    }

    /// <summary>Returns the last input.</summary>
    public byte[] Read()
    {
        var input = new byte[_view.ReadInt32(8)];
        _view.ReadArray(Header, input, 0, input.Length);
        return input;
    }

    /// <summary>Begins again.</summary>
    public void Clear() => _view.Write(0, 0L);

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
