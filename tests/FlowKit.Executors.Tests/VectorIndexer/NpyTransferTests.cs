using System.Buffers.Binary;
using System.Globalization;
using FlowKit.VectorStores;
using FlowKit.VectorStores.Transfer;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary>Vectors as numpy saves them, and everything that can be wrong with such a file.</summary>
public sealed class NpyTransferTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_exported_is_imported_bit_for_bit()
    {
        using var vectors = new MemoryStream();
        using var ids = new MemoryStream();
        await using (var store = Open("one"))
        {
            await store.UpsertAsync([.. Enumerable.Range(0, 1203).Select(i => new Document($"ä {i}") { Embedding = NdArray.Wrap([1f, i / 3f, -i]) })], default);
            Assert.Equal(1203, await NpyTransfer.ExportAsync(store, vectors, ids));
        }

        Assert.Equal("\u0093NUMPY\u0001\0v\0{'descr': '<f4', 'fortran_order': False, 'shape': (1203, 3), }", System.Text.Encoding.Latin1.GetString(vectors.ToArray()[..128]).TrimEnd());
        Assert.Equal(128 + (1203 * 12), vectors.Length);
        (vectors.Position, ids.Position) = (0, 0);
        await using var copy = Open("two");
        Assert.Equal(1203, await NpyTransfer.ImportAsync(copy, vectors, "a.npy", await NpyTransfer.ReadIdsAsync(ids, "ids.txt"), "m@1"));
        var found = await copy.GetAsync(["ä 0", "ä 1202"], FieldSelection.WithEmbedding, default);
        Assert.Equal([1f, 1202 / 3f, -1202f], found[1]!.Embedding!.ToFloats());
        Assert.Equal(new VectorStamp(3, "m@1"), (await copy.GetStatusAsync(default)).Stamp);
    }

    [Theory]
    [InlineData("<f2", 1)]
    [InlineData("<f4", 2)]
    [InlineData("<f8", 3)]
    public async Task Floats_of_every_size_and_headers_of_every_version_are_read(string descr, byte version)
    {
        await using var store = Open("sizes");
        var values = (byte[])[.. new[] { 0.5, -2, 3.25, 1 }.SelectMany(value => Bytes(descr, value))];
        Assert.Equal(2, await NpyTransfer.ImportAsync(store, Npy($"{{'descr': '{descr}', 'fortran_order': False, 'shape': (2, 2), }}", values, version), "a.npy"));
        var found = await store.GetAsync(["0", "1"], FieldSelection.WithEmbedding, default);
        Assert.Equal([0.5f, -2, 3.25f, 1], found.SelectMany(document => document!.Embedding!.ToFloats()));
    }

    [Theory]
    [InlineData("<i4", "2147483647", "7", "-5")]
    [InlineData("<u4", "7", "4000000000", "0")]
    [InlineData("<i8", "7000000000", "7", "-5")]
    [InlineData("<u8", "7", "18446744073709551615", "0")]
    [InlineData("<U7", "café", "日本語", "a b c d")]
    public async Task Ids_are_whole_numbers_or_texts(string descr, params string[] ids)
    {
        var bytes = ids.SelectMany(id => descr[1] == 'U' ? System.Text.Encoding.UTF32.GetBytes(id.PadRight(7, '\0')) : Number(id)[..(descr[2] - '0')]);
        var header = $"{{'descr': '{descr}', 'fortran_order': False, 'shape': ({ids.Length},), }}";
        Assert.Equal(ids, await NpyTransfer.ReadIdsAsync(Npy(header, [.. bytes]), "ids.npy"));
    }

    [Theory]
    [InlineData("{'descr': '<i4', 'fortran_order': False, 'shape': (2, 2), }", "a.npy: descr: '<i4' is no vector of floats; expected <f2, <f4 or <f8.")]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (2, 2), }", "a.npy: descr: '>f4' is no vector of floats")]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }", "a.npy: fortran_order: its rows lie beside each other")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (4,), }", "a.npy: shape: vectors are rows of a matrix, and these are of (4).")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 0), }", "a.npy: shape: vectors are rows of a matrix")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }", "a.npy: it is truncated: 3 rows take 24 bytes, and 16 are there.")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 4), }", "a.npy: shape: the vectors have 4 values, and those of the index 2.")]
    [InlineData("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (2,), }", "a.npy: its header is '{'descr': [('x'")]
    public async Task What_is_wrong_is_named_before_anything_is_added(string header, string expected)
    {
        await using var store = Open("wrong");
        await store.UpsertAsync([new Document("known") { Embedding = NdArray.Wrap([1f, 2]) }], default);
        var error = await Assert.ThrowsAsync<FlowKitException>(() => NpyTransfer.ImportAsync(store, Npy(header, new byte[16]), "a.npy"));
        Assert.Equal(FlowErrorCode.InvalidArgument, error.Error.Code);
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(1, await store.CountAsync(null, default));
    }

    [Fact]
    public async Task So_are_other_files_rows_that_are_no_vectors_and_ids_that_do_not_fit()
    {
        await using var store = Open("rows");
        const string Header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }";
        byte[] values = [.. new[] { 1f, 2, 0, 0 }.SelectMany(value => Bytes("<f4", value))];
        await RefusedAsync("a.npy: row 1, the document '1': embedding: all its numbers are 0", () => NpyTransfer.ImportAsync(store, Npy(Header, values), "a.npy"));
        await RefusedAsync("a.npy: shape: there are 2 vectors, and 1 ids beside them.", () => NpyTransfer.ImportAsync(store, Npy(Header, values), "a.npy", ["x"]));
        await RefusedAsync("a.npy: it is no NPY file", () => NpyTransfer.ImportAsync(store, new MemoryStream(new byte[200]), "a.npy"));
        await RefusedAsync("a.npy: it is truncated: it ends before its header says.", () => NpyTransfer.ImportAsync(store, new MemoryStream(Npy(Header, []).ToArray()[..40]), "a.npy"));
        await RefusedAsync("ids.txt: the id 'b' of row 2 is that of row 1 too.", () => NpyTransfer.ReadIdsAsync(new MemoryStream("a\nb\nb\n"u8.ToArray()), "ids.txt"));
        await RefusedAsync("ids.npy: descr: '<f4' is no id", () => NpyTransfer.ReadIdsAsync(Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", values), "ids.npy"));
        await RefusedAsync("ids.npy: shape: ids are of one dimension", () => NpyTransfer.ReadIdsAsync(Npy("{'descr': '<i4', 'fortran_order': False, 'shape': (2, 2), }", values), "ids.npy"));
        await store.UpsertAsync([new Document("two\nlines") { Embedding = NdArray.Wrap([1f, 2]) }], default);
        var error = await Assert.ThrowsAsync<FlowKitException>(() => NpyTransfer.ExportAsync(store, new MemoryStream(), new MemoryStream()));
        Assert.Contains("has a line's end in it", error.Message, StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(string expected, Func<Task> action)
    {
        var error = await Assert.ThrowsAsync<FlowKitException>(action);
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    private static byte[] Number(string id) =>
        long.TryParse(id, CultureInfo.InvariantCulture, out var number) ? BitConverter.GetBytes(number) : BitConverter.GetBytes(ulong.Parse(id, CultureInfo.InvariantCulture));

    private static byte[] Bytes(string descr, double value) => descr switch
    {
        "<f2" => BitConverter.GetBytes((Half)value),
        "<f4" => BitConverter.GetBytes((float)value),
        _ => BitConverter.GetBytes(value),
    };

    private static MemoryStream Npy(string header, byte[] values, byte version = 1)
    {
        var length = new byte[version == 1 ? 2 : 4];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)(header.Length + 1));
        return new MemoryStream([0x93, .. "NUMPY"u8, version, 0, .. length, .. System.Text.Encoding.ASCII.GetBytes(header), (byte)'\n', .. values]);
    }

    private IVectorStore Open(string name) => IndexFolder.Open(_folder.At(name), mustExist: false);
}
