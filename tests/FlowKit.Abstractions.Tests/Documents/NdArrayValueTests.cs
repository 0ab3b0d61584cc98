using System.Text.Json.Nodes;

namespace FlowKit.Documents;

public sealed class NdArrayValueTests
{
    [Theory]
    [MemberData(nameof(MinusThreeOrThree))]
    public void An_element_of_any_type_is_a_double(NdArray array, double expected)
    {
        Assert.Equal(expected, array.ToDouble(1));
        Assert.Equal([0f, (float)expected], array.ToFloats());
    }

    public static TheoryData<NdArray, double> MinusThreeOrThree => new()
    {
        { NdArray.Wrap(new byte[] { 0, 3 }), 3 },
        { NdArray.Wrap(new sbyte[] { 0, -3 }), -3 },
        { NdArray.Wrap(new ushort[] { 0, 3 }), 3 },
        { NdArray.Wrap(new short[] { 0, -3 }), -3 },
        { NdArray.Wrap(new uint[] { 0, 3 }), 3 },
        { NdArray.Wrap(new[] { 0, -3 }), -3 },
        { NdArray.Wrap(new ulong[] { 0, 3 }), 3 },
        { NdArray.Wrap(new[] { 0L, -3L }), -3 },
        { NdArray.Wrap(new[] { Half.Zero, (Half)(-3) }), -3 },
        { NdArray.Wrap(new[] { 0f, -3f }), -3 },
        { NdArray.Wrap(new[] { 0d, -3d }), -3 },
    };

    [Fact]
    public void Memory_of_bytes_that_came_from_elsewhere_is_copied_into_its_type()
    {
        var array = new NdArray(NdType.Float32, [2], new byte[] { 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40 });

        Assert.Equal([1f, 2f], array.AsMemory<float>().ToArray());
        Assert.Contains("holds float32, not int32", Assert.Throws<FlowKitException>(() => array.AsMemory<int>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_that_no_array_holds_is_named() =>
        Assert.Contains("cannot hold Char", Assert.Throws<NotSupportedException>(() => NdArray.Wrap(new[] { 'a' })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("<u1", NdType.UInt8)]
    [InlineData("=i1", NdType.Int8)]
    [InlineData(">b1", NdType.Bool)]
    public void The_byte_order_of_single_bytes_says_nothing(string name, NdType expected)
    {
        Assert.True(NdTypes.TryParse(name, out var type));
        Assert.Equal(expected, type);
    }

    [Theory]
    [InlineData("")]
    [InlineData("u1")]
    [InlineData("<c8")]
    [InlineData("Float32")]
    public void Another_spelling_is_not_guessed(string name) => Assert.False(NdTypes.TryParse(name, out _));

    [Fact]
    public void A_scalar_has_one_element_and_no_dimension()
    {
        var array = new NdArray(NdType.Int32, [], new byte[] { 7, 0, 0, 0 });

        Assert.Equal((0, 1, 7, "int32 []"), (array.Rank, array.Length, array.ToDouble(0), array.ToString()));
    }

    [Fact]
    public void Another_account_of_an_array_keeps_what_it_is_made_of()
    {
        var parameters = new JsonObject { ["sparse_format"] = "coo" };
        var sparse = NdArray.FromSparse(new SparseElements(NdArray.Wrap([1L], 1, 1), NdArray.Wrap([5f])), 3).From("scipy", parameters);

        Assert.Equal([0f, 5f, 0f], sparse.ToFloats());
        Assert.Same(parameters, sparse.FrameworkParameters);
        Assert.True(NdArray.Zeros(NdType.Int8, 2).From("torch").IsZeros);
        Assert.False(NdArray.Zeros(NdType.Int8, 0).IsZeros);
    }

    [Fact]
    public void Positions_with_the_wrong_number_of_axes_are_named_by_their_shape()
    {
        var array = NdArray.FromSparse(new SparseElements(NdArray.Wrap([0L, 0L, 0L], 1, 3), NdArray.Wrap([5f])), 3, 2);

        Assert.Contains("The indices [1, 3] of a sparse array do not fit 1 elements in 2 dimensions", Assert.Throws<FlowKitException>(() => array.Bytes).Message, StringComparison.Ordinal);
    }
}
