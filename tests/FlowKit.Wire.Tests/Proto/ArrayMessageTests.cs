using FlowKit.Wire.Proto;
using FlowKit.Wire.Protos.V1;
using Google.Protobuf;

namespace FlowKit.Wire.Tests.Proto;

/// <summary>Arrays on the wire: slices of the message, of any peer's kind, checked before anybody reads them.</summary>
public sealed class ArrayMessageTests
{
    [Fact]
    public void Tensors_embeddings_and_blobs_are_slices_of_the_message()
    {
        var bytes = Wire.Bytes(Wire.Request(
            new Document("a") { Tensor = NdArray.Wrap([1f, 2f, 3f, 4f], 2, 2), Embedding = NdArray.Wrap([1f, 2f]) },
            new Document("b") { Blob = new byte[] { 1, 2, 3 } }));

        var documents = DataRequestCodec.Read(bytes).Documents;

        Assert.True(bytes.AsSpan().Overlaps(documents[0].Tensor!.Bytes.Span));
        Assert.True(bytes.AsSpan().Overlaps(documents[0].Embedding!.Bytes.Span));
        Assert.True(bytes.AsSpan().Overlaps(documents[1].Blob!.Value.Span));
        Assert.Equal([1f, 2f, 3f, 4f], documents[0].Tensor!.AsSpan<float>());
    }

    [Fact]
    public void Reading_a_picture_allocates_less_than_its_pixels_beyond_the_message()
    {
        const int pixels = 512 * 512 * 3;
        var bytes = Wire.Bytes(Wire.Request(new Document("a") { Tensor = NdArray.Wrap(new byte[pixels], 512, 512, 3) }));
        DataRequestCodec.Read(bytes);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var request = DataRequestCodec.Read(bytes);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(pixels, request.Documents[0].Tensor!.Bytes.Length);
        Assert.InRange(allocated, 0, pixels / 100);
    }

    [Fact]
    public void Big_endian_elements_are_turned_round()
    {
        var array = Tensor(new DenseNdArrayProto { Buffer = ByteString.CopyFrom(0x3f, 0xc0, 0, 0), Shape = { 1 }, Dtype = ">f4" });

        Assert.Equal((NdType.Float32, 1.5), (array!.Type, array.ToDouble(0)));
        Assert.Equal((NdType.UInt16, 258.0), (Tensor(new DenseNdArrayProto { Buffer = ByteString.CopyFrom(1, 2), Shape = { 1 }, Dtype = ">u2" })!.Type, Tensor(new DenseNdArrayProto { Buffer = ByteString.CopyFrom(1, 2), Shape = { 1 }, Dtype = ">u2" })!.ToDouble(0)));
        Assert.Equal(1.0, Tensor(new DenseNdArrayProto { Buffer = ByteString.CopyFrom(0, 0, 0, 0, 0, 0, 0, 1), Shape = { 1 }, Dtype = ">i8" })!.ToDouble(0));
    }

    [Fact]
    public void An_empty_buffer_stands_for_zeros_that_take_memory_only_when_they_are_read()
    {
        var zeros = Tensor(new DenseNdArrayProto { Shape = { 2, 3 }, Dtype = "<f4" })!;
        var huge = Tensor(new DenseNdArrayProto { Shape = { 1 << 15, 1 << 15 } })!;

        Assert.Equal(new float[6], zeros.AsSpan<float>());
        Assert.Equal(NdType.Float64, huge.Type);
        Assert.Equal(FlowErrorCode.PayloadTooLarge, Assert.Throws<FlowKitException>(() => huge.Bytes).Error.Code);
    }

    [Fact]
    public void An_array_of_no_elements_and_a_scalar_keep_their_shape()
    {
        var empty = Again(new Document { Tensor = NdArray.Wrap(Array.Empty<float>(), 0, 3) }).Tensor!;
        var scalar = Again(new Document { Tensor = new NdArray(NdType.Float32, [], BitConverter.GetBytes(2.5f)) }).Tensor!;

        Assert.Equal(("float32 [0, 3]", 0), (empty.ToString(), empty.Bytes.Length));
        Assert.Equal(("float32 []", 2.5), (scalar.ToString(), scalar.ToDouble(0)));
    }

    [Fact]
    public void A_sparse_array_stays_sparse_on_the_wire_and_is_dense_to_who_reads_it()
    {
        var elements = new SparseElements(NdArray.Wrap([0L, 1L, 2L, 0L], 2, 2), NdArray.Wrap([5f, 7f]));
        var document = new Document { Embedding = NdArray.FromSparse(elements, 3, 2).From("scipy", new() { ["sparse_format"] = "csr" }) };

        var read = Again(document).Embedding!;

        Assert.NotNull(read.Sparse);
        Assert.Equal(("scipy", "csr"), (read.Framework, (string)read.FrameworkParameters!["sparse_format"]!));
        Assert.Equal([0f, 5f, 0f, 0f, 7f, 0f], read.AsSpan<float>());
    }

    [Fact]
    public void A_list_of_numbers_stays_a_list_and_an_array_of_no_kind_is_taken_for_NumPys()
    {
        Assert.Equal("list", Tensor(new DenseNdArrayProto { Buffer = ByteString.CopyFrom(1), Shape = { 1 }, Dtype = "|u1" }, "list")!.Framework);
        Assert.Equal(1, Tensor(new DenseNdArrayProto { Buffer = ByteString.CopyFrom(1), Shape = { 1 }, Dtype = "|u1" }, "")!.Length);
    }

    [Theory]
    [InlineData("<c8", "tensor.dense.dtype: '<c8' is not an element type")]
    [InlineData("", "tensor.dense.dtype: it is missing; expected one like '<f4'")]
    [InlineData("<f8", "tensor.dense: An array of float64 [1] holds 8 bytes, but 4 were given.")]
    public void A_type_that_is_unknown_or_does_not_fit_is_an_error(string dtype, string message) =>
        Assert.Contains(message, Wire.Refusal(() => Tensor([.. Wire.Field(1, [0, 0, 0, 0]), 0x10, 1, .. Wire.Field(3, System.Text.Encoding.UTF8.GetBytes(dtype))])));

    [Fact]
    public void Shapes_beyond_all_bounds_are_errors()
    {
        Assert.Contains("tensor.dense.shape: expected at most 64 dimensions", Wire.Refusal(() => Tensor(new DenseNdArrayProto { Dtype = "<f4", Shape = { Enumerable.Repeat(1u, 65) } })));
        Assert.Contains("tensor.dense.shape: expected at most 64 dimensions, each at most 2147483647", Wire.Refusal(() => Tensor(new DenseNdArrayProto { Dtype = "<f4", Shape = { uint.MaxValue } })));
        Assert.Contains("tensor.dense: The shape", Wire.Refusal(() => Tensor(new DenseNdArrayProto { Dtype = "<f4", Shape = { 1 << 20, 1 << 20 } })));
    }

    [Fact]
    public void A_sparse_array_without_its_parts_is_an_error()
    {
        var sparse = new NdArrayProto { Sparse = new SparseNdArrayProto { Shape = { 2 } } };
        var floats = new NdArrayProto { Sparse = new SparseNdArrayProto { Indices = new() { Dtype = "<f4", Shape = { 0 } }, Values = new() { Dtype = "<f4", Shape = { 0 } } } };

        Assert.Contains("tensor.sparse: a sparse array needs 'indices' and 'values'", Wire.Refusal(() => Read(sparse)));
        Assert.Contains("tensor.sparse: The indices of a sparse array are int32 or int64, not float32", Wire.Refusal(() => Read(floats)));
    }

    private static NdArray? Tensor(DenseNdArrayProto dense, string framework = "numpy") => Read(new NdArrayProto { Dense = dense, ClsName = framework });

    private static NdArray? Tensor(byte[] dense) => Read(NdArrayProto.Parser.ParseFrom(Wire.Field(1, dense)));

    private static NdArray? Read(NdArrayProto array) =>
        DataRequestCodec.Read(new DataRequestProto { Data = new() { Docs = new() { Docs = { new DocumentProto { Id = "a", Tensor = array } } } } }.ToByteArray()).Documents[0].Tensor;

    private static Document Again(Document document) => DataRequestCodec.Read(Wire.Bytes(Wire.Request(document))).Documents[0];
}
