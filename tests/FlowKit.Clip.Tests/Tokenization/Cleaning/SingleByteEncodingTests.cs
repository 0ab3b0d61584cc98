using FlowKit.Clip.Tokenization.Cleaning;

namespace FlowKit.Clip.Tests;

public sealed class SingleByteEncodingTests
{
    [Theory]
    [InlineData(1, 0x80, '€')]
    [InlineData(1, 0x81, '\u0081')]
    [InlineData(2, 0xD0, 'Р')]
    [InlineData(3, 0x8C, 'Ś')]
    [InlineData(4, 0xAA, '\u00AA')]
    [InlineData(4, 0xD2, '\u00D2')]
    [InlineData(4, 0xFF, '\u00FF')]
    [InlineData(5, 0xDD, 'İ')]
    [InlineData(6, 0xA1, '\u00A1')]
    [InlineData(6, 0xA5, '\u00A5')]
    [InlineData(7, 0xB1, 'ą')]
    [InlineData(8, 0xBD, 'Ω')]
    [InlineData(8, 0xDB, '€')]
    [InlineData(8, 0xF0, '\uF8FF')]
    [InlineData(9, 0xE1, 'ß')]
    public void A_byte_has_the_character_that_the_reference_gives_it(int encoding, int value, char character)
    {
        Assert.Equal(character, SingleByteEncoding.All[encoding].Upper[value - 0x80]);
        Assert.Equal((byte)value, Assert.Single(SingleByteEncoding.All[encoding].TryEncode(character.ToString())!));
    }

    [Fact]
    public void Every_byte_has_one_character_of_its_own()
    {
        Assert.All(SingleByteEncoding.All, static encoding => Assert.Equal(128, encoding.Upper.Distinct().Count()));
    }

    [Fact]
    public void Only_sloppy_encodings_have_a_byte_for_what_was_lost()
    {
        foreach (var encoding in SingleByteEncoding.All)
        {
            Assert.Equal(encoding.IsSloppy, encoding.TryEncode("\uFFFD") is [0x1A]);
            Assert.Equal(encoding.IsSloppy, encoding.TryEncode("\u001A") is null);
            Assert.Null(encoding.TryEncode("日"));
        }
    }
}
