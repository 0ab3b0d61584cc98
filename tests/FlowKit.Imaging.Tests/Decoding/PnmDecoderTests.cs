using System.Text;
using System.Text.RegularExpressions;
using FlowKit.Conformance;
using FlowKit.Imaging.Decoding;

namespace FlowKit.Imaging.Tests;

[ConformanceOf(typeof(PnmDecoder))]
public sealed class PnmDecoderTests : PillowDecoderTests
{
    protected override ImageFormat Format => ImageFormat.Pnm;

    /// <summary>Width and height are text behind the kind.</summary>
    protected override byte[] Claim(byte[] file, int side)
    {
        var text = Encoding.Latin1.GetString(file);
        return Encoding.Latin1.GetBytes(new Regex("[0-9]+ [0-9]+").Replace(text[2..], $"{side} {side}", 1).Insert(0, text[..2]));
    }
}
