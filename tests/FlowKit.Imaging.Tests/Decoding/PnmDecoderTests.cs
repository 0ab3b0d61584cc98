using System.Text;
using System.Text.RegularExpressions;
using FlowKit.Conformance;
using FlowKit.Imaging.Decoding;

namespace FlowKit.Imaging.Tests;

[ConformanceOf(typeof(PnmDecoder))]
public sealed class PnmDecoderTests : PillowDecoderTests
{
    protected override ImageFormat Format => ImageFormat.Pnm;

    [Theory]
    [InlineData("P2 1 1 100 101", "is damaged")]
    [InlineData("P2 1 1 255 one", "is damaged")]
    [InlineData("P1 2 1 1 2", "is damaged")]
    [InlineData("P3 1 1 65536 1 2 3", "is damaged")]
    [InlineData("P3 0 1 255 1 2 3", "is damaged")]
    [InlineData("P3 99999999999 1 255 1 2 3", "is damaged")]
    [InlineData("P3 1 1 255 1 2", "ends early")]
    [InlineData("P6 9000 9000 255 abc", "ends early")]
    [InlineData("P5 # no end", "ends early")]
    public void A_file_that_cannot_be_is_an_error(string text, string message)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.Throws<FlowKitException>(() => ImageDecoder.Decode(Encoding.Latin1.GetBytes(text)));

        Assert.Equal($"The PNM data {message}.", error.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    /// <summary>Width and height are text behind the kind.</summary>
    protected override byte[] Claim(byte[] file, int side)
    {
        var text = Encoding.Latin1.GetString(file);
        return Encoding.Latin1.GetBytes(new Regex("[0-9]+ [0-9]+").Replace(text[2..], $"{side} {side}", 1).Insert(0, text[..2]));
    }
}
