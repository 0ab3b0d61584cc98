using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FlowKit.VectorStores.Transfer;

/// <summary>The header of an NPY file (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).</summary>
/// <param name="Descr">The kind of its values as numpy writes it, such as <c>&lt;f4</c>.</param>
/// <param name="Shape">The size of each dimension.</param>
internal sealed partial record NpyHeader(string Descr, IReadOnlyList<long> Shape)
{
    private const int MaxLength = 1 << 20;
    private const int Alignment = 64;

    // As long for any number of rows, which is known when they are written.
    private const int WrittenLength = 2 * Alignment;
    private const int FirstVersion = 10;
    private const int LaterVersion = 12;

    private static readonly byte[] s_magic = [0x93, .. "NUMPY"u8];

    /// <summary>Reads the header from where a file begins to where its values do.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">Its name for an error.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FlowKitException">It is none, or its values lie in another order.</exception>
    public static async Task<NpyHeader> ReadAsync(Stream file, string name, CancellationToken cancellationToken)
    {
        var start = await ReadAsync(file, FirstVersion, name, cancellationToken);
        if (!start.AsSpan(0, s_magic.Length).SequenceEqual(s_magic) || start[6] is 0 or > 3)
        {
            throw Invalid(name, "it is no NPY file: numpy.save writes one");
        }

        long length = BinaryPrimitives.ReadUInt16LittleEndian(start.AsSpan(8));
        if (start[6] > 1)
        {
            var rest = await ReadAsync(file, LaterVersion - FirstVersion, name, cancellationToken);
            length |= (long)BinaryPrimitives.ReadUInt16LittleEndian(rest) << 16;
        }

        if (length > MaxLength)
        {
            throw Invalid(name, $"its header has {length} bytes");
        }

        var text = Encoding.UTF8.GetString(await ReadAsync(file, (int)length, name, cancellationToken));
        var (descr, order, shape) = (DescrPattern().Match(text), OrderPattern().Match(text), ShapePattern().Match(text));
        if (!descr.Success || !order.Success || !shape.Success)
        {
            throw Invalid(name, $"its header is '{text.Trim()}'; expected descr, fortran_order and shape of plain values");
        }

        long[] sizes = [.. shape.Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(size => long.Parse(size, CultureInfo.InvariantCulture))];
        return order.Groups[1].Value == "True" && sizes.Length > 1
            ? throw Invalid(name, "fortran_order: its rows lie beside each other; save numpy.ascontiguousarray(...) instead")
            : new NpyHeader(descr.Groups[1].Value, sizes);
    }

    /// <summary>The header of a matrix of floats.</summary>
    public static byte[] OfFloats(long rows, int columns)
    {
        var header = new byte[WrittenLength];
        s_magic.CopyTo(header, 0);
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), WrittenLength - FirstVersion);
        header.AsSpan(FirstVersion).Fill((byte)' ');
        Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}"),
            header.AsSpan(FirstVersion));
        header[^1] = (byte)'\n';
        return header;
    }

    /// <summary>An error that names the file.</summary>
    public static FlowKitException Invalid(string name, string why) => new(FlowErrorCode.InvalidArgument, $"{name}: {why}.");

    /// <summary>Reads so many bytes.</summary>
    /// <exception cref="FlowKitException">The file ends before.</exception>
    public static async Task<byte[]> ReadAsync(Stream file, int count, string name, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        return await file.ReadAtLeastAsync(bytes, count, throwOnEndOfStream: false, cancellationToken) == count
            ? bytes
            : throw Invalid(name, "it is truncated: it ends before its header says");
    }

    [GeneratedRegex("'descr':\\s*'([^']*)'")]
    private static partial Regex DescrPattern();

    [GeneratedRegex("'fortran_order':\\s*(True|False)")]
    private static partial Regex OrderPattern();

    [GeneratedRegex("'shape':\\s*\\(((?:\\s*\\d{1,18}\\s*,?)*)\\)")]
    private static partial Regex ShapePattern();
}
