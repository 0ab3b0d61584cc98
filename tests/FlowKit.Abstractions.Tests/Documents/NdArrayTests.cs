namespace FlowKit.Documents;

public sealed class NdArrayTests
{
    [Fact]
    public void Wrapping_floats_copies_nothing()
    {
        float[] values = [1, 2, 3, 4];
        var array = NdArray.Wrap(values, 2, 2);

        values[3] = 9;

        Assert.Equal(9, array.AsSpan<float>()[3]);
        Assert.Equal([2, 2], array.Shape.ToArray());
        Assert.True(array.AsMemory<float>().Span == values.AsSpan());
    }

    [Fact]
    public void Wrapping_bytes_copies_nothing()
    {
        byte[] values = [1, 2, 3];
        var array = NdArray.Wrap(values);

        values[0] = 7;

        Assert.Equal(7, array.Bytes.Span[0]);
        Assert.Equal([3], array.Shape.ToArray());
    }

    [Theory]
    [InlineData(NdType.Bool, 1)]
    [InlineData(NdType.UInt8, 1)]
    [InlineData(NdType.Int16, 2)]
    [InlineData(NdType.Float16, 2)]
    [InlineData(NdType.Int32, 4)]
    [InlineData(NdType.Float64, 8)]
    public void Both_spellings_of_a_dtype_are_read(NdType type, int size)
    {
        Assert.Equal(size, NdTypes.SizeOf(type));
        Assert.True(NdTypes.TryParse(NdTypes.NameOf(type), out var byName));
        Assert.True(NdTypes.TryParse(NdTypes.NumPyOf(type), out var byNumPy));
        Assert.Equal((type, type), (byName, byNumPy));
    }

    [Fact]
    public void A_big_endian_dtype_is_not_taken_for_a_little_endian_one() => Assert.False(NdTypes.TryParse(">f4", out _));

    [Fact]
    public void Too_few_bytes_are_refused_with_both_counts()
    {
        var error = Assert.Throws<FlowKitException>(() => new NdArray(NdType.Float32, [2, 3], new byte[20]));

        Assert.Equal(FlowErrorCode.InvalidArgument, error.Error.Code);
        Assert.Contains("float32 [2, 3] holds 24 bytes, but 20 were given", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(65536, 65536)]
    public void A_negative_or_overflowing_shape_is_refused(int first, int second) =>
        Assert.Throws<FlowKitException>(() => new NdArray(NdType.UInt8, [first, second], new byte[1]));

    [Fact]
    public void Reading_as_another_type_names_both()
    {
        var array = NdArray.Wrap(new long[] { 1 });

        var error = Assert.Throws<FlowKitException>(() => array.AsSpan<float>().Length);

        Assert.Contains("holds int64, not float32", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_type_converts_to_double()
    {
        Assert.Equal(-3, NdArray.Wrap(new sbyte[] { -3 }).ToDouble(0));
        Assert.Equal(60000, NdArray.Wrap(new ushort[] { 60000 }).ToDouble(0));
        Assert.Equal(1.5, NdArray.Wrap(new[] { (Half)1.5 }).ToDouble(0));
        Assert.Equal(18446744073709551615d, NdArray.Wrap(new[] { ulong.MaxValue }).ToDouble(0));
        Assert.Equal([1f, 0f], NdArray.Wrap(new[] { true, false }).ToFloats());
    }

    [Fact]
    public unsafe void Wrapped_memory_can_be_pinned()
    {
        var array = NdArray.Wrap(new float[] { 1, 2 });

        using var handle = array.Bytes.Pin();

        Assert.Equal(2f, ((float*)handle.Pointer)[1]);
    }
}
