using FlowKit.Wire.Proto;
using FlowKit.Wire.Protos.V1;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;

namespace FlowKit.Wire.Tests.Proto;

/// <summary>Random messages between our codec and Google's classes, both ways.</summary>
public sealed class RoundTripPropertyTests
{
    private const int Messages = 3_000;

    [Fact]
    public void What_Google_writes_we_read_and_write_again_as_an_equal_message() => ForAll(seed =>
    {
        var bytes = new RandomMessages(seed).Request().ToByteArray();

        // Google's writer takes -0 for 0, so it is what was written that counts
        var (original, written) = (DataRequestProto.Parser.ParseFrom(bytes), DataRequestProto.Parser.ParseFrom(Wire.Bytes(DataRequestCodec.Read(bytes))));

        return original.Equals(written).Label($"{FirstDifference($"{original}", $"{written}")}");
    });

    [Fact]
    public void What_we_write_Google_reads_and_writes_again_so_that_we_read_the_same() => ForAll(seed =>
    {
        var original = DataRequestCodec.Read(new RandomMessages(seed).Request().ToByteArray());

        var again = DataRequestCodec.Read(DataRequestProto.Parser.ParseFrom(Wire.Bytes(original)).ToByteArray());

        return (Wire.Bytes(original).Length == Wire.Bytes(again).Length
            && DecodedView.Difference(DecodedView.Nodes(original), DecodedView.Nodes(again)) is null).Label(DecodedView.Difference(DecodedView.Nodes(original), DecodedView.Nodes(again)) ?? "sizes differ");
    });

    [Fact]
    public void A_request_read_lazily_is_the_one_read_at_once() => ForAll(seed =>
    {
        var bytes = new RandomMessages(seed).Request().ToByteArray();
        var (lazy, eager) = (DataRequestCodec.ReadLazily(bytes), DataRequestCodec.Read(bytes));

        var untouched = DataRequestProto.Parser.ParseFrom(Wire.Bytes(lazy)).Equals(DataRequestProto.Parser.ParseFrom(bytes));

        return (untouched && DecodedView.Difference(DecodedView.Nodes(eager), DecodedView.Nodes(lazy)) is null).ToProperty();
    });

    /// <summary>Messages are long; a few words around the first difference say enough.</summary>
    private static string FirstDifference(string left, string right)
    {
        var at = Math.Max(0, left.AsSpan().CommonPrefixLength(right) - 100);
        return $"…{left.AsSpan(at, Math.Min(300, left.Length - at))}\n…{right.AsSpan(Math.Min(at, right.Length), Math.Min(300, right.Length - at))}";
    }

    private static void ForAll(Func<int, Property> holds) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Messages), Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), holds));
}
