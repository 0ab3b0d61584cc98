namespace FlowKit.Documents;

public sealed class SparseElementsTests
{
    [Fact]
    public void A_sparse_array_is_dense_to_who_reads_it()
    {
        var array = NdArray.FromSparse(new SparseElements(NdArray.Wrap([0L, 1L, 2L, 0L], 2, 2), NdArray.Wrap([5f, 7f])), 3, 2);

        Assert.Equal(("float32 [3, 2]", 6), (array.ToString(), array.Length));
        Assert.Equal([0f, 5f, 0f, 0f, 7f, 0f], array.AsSpan<float>());
        Assert.True(array.Bytes.Span.Overlaps(array.Bytes.Span), "it is made once");
    }

    [Fact]
    public void Positions_may_be_transposed_and_of_32_bits()
    {
        var elements = new SparseElements(NdArray.Wrap([0, 2, 1, 1, 0, 0], 2, 3), NdArray.Wrap([5f, 7f, 9f]));

        Assert.Equal([0f, 5f, 9f, 0f, 7f, 0f], NdArray.FromSparse(elements, 3, 2).AsSpan<float>());
    }

    [Theory]
    [InlineData(3, 0, "lies at 3 on axis 0")]
    [InlineData(0, -1, "lies at -1 on axis 1")]
    public void A_position_outside_is_an_error_when_it_is_read(long row, long column, string message)
    {
        var array = NdArray.FromSparse(new SparseElements(NdArray.Wrap([row, column], 1, 2), NdArray.Wrap([5f])), 3, 2);

        Assert.Contains(message, Assert.Throws<FlowKitException>(() => _ = array.Bytes).Message);
    }

    [Fact]
    public void Positions_that_do_not_fit_the_elements_are_an_error()
    {
        var array = NdArray.FromSparse(new SparseElements(NdArray.Wrap([0L, 1L, 2L], 3), NdArray.Wrap([5f])), 3, 2);

        Assert.Contains("do not fit 1 elements in 2 dimensions", Assert.Throws<FlowKitException>(() => _ = array.Bytes).Message);
        Assert.Contains("int32 or int64, not float32", Assert.Throws<FlowKitException>(() => new SparseElements(NdArray.Wrap([0f]), NdArray.Wrap([5f]))).Message);
    }

    [Fact]
    public void Zeros_take_memory_only_when_they_are_read_and_have_a_limit()
    {
        Assert.Equal(new float[6], NdArray.Zeros(NdType.Float32, 2, 3).AsSpan<float>());
        var huge = NdArray.Zeros(NdType.Float64, 1 << 15, 1 << 15);
        Assert.Equal(FlowErrorCode.PayloadTooLarge, Assert.Throws<FlowKitException>(() => _ = huge.Bytes).Error.Code);
    }

    [Fact]
    public void An_array_from_another_framework_shares_its_memory()
    {
        var array = NdArray.Wrap([1f, 2f]);

        var torch = array.From("torch");

        Assert.Equal("torch", torch.Framework);
        Assert.True(torch.Bytes.Span.Overlaps(array.Bytes.Span));
        Assert.Equal("torch", torch.Reshape(2, 1).Framework);
    }
}
