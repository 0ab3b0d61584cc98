using System.Security.Cryptography;
using Xunit.Abstractions;

namespace FlowKit.Imaging.Tests;

/// <summary>Every picture of the golden set is Pillow's byte for byte, or stands in the list of those that differ on purpose.</summary>
public sealed class PillowPictureTests(ITestOutputHelper output)
{
    private const string FilledUp = "filled up with the first colour, where Pillow refuses it";

    /// <summary>The beginnings of the names of pictures that differ on purpose, with the reason that docs/models.md gives.</summary>
    private static readonly (string Name, string Reason)[] s_onPurpose =
    [
        ("tiff lab", "refused: no colour management"),
        ("tiff gray of 16 bits, photometric 0, big", "read as in the other byte order, although Pillow refuses it"),
        ("bmp runs of 8 bits, short rows", FilledUp),
        ("bmp runs of 8 bits, a step", FilledUp),
        ("bmp runs of 8 bits that end early", FilledUp),
        ("bmp runs of 4 bits, absolute and odd", "read as the format says, where this Pillow loses a pixel and then refuses it"),
        ("tga palette of 32 bits", "read, although Pillow refuses it"),
        ("tga gray, runs across rows", "read, although Pillow refuses it"),
        ("tiff unsigned 32 bits, big", "read as in the other byte order, although Pillow refuses it"),
    ];

    [Fact]
    public void Every_picture_is_pillows_or_differs_on_purpose()
    {
        var different = new List<string>();
        var (equal, refused, onPurpose) = (0, 0, 0);
        foreach (var picture in PillowPicture.All)
        {
            var actual = Answer(picture.File);
            var expected = picture.Sha256 is null ? "refused" : $"{picture.Width}×{picture.Height} {picture.Sha256}";
            var reason = s_onPurpose.FirstOrDefault(purpose => picture.Name.StartsWith(purpose.Name, StringComparison.Ordinal)).Reason;
            if (actual == expected)
            {
                equal++;
            }
            else if (picture.Sha256 is null && actual.StartsWith("refused", StringComparison.Ordinal))
            {
                refused++;
            }
            else if (reason is not null)
            {
                onPurpose++;
                output.WriteLine($"on purpose: {picture.Name}: {reason}");
            }
            else
            {
                different.Add($"{picture.Name}: {actual}; Pillow: {expected}");
            }
        }

        output.WriteLine($"{equal} equal, {refused} refused by both, {onPurpose} on purpose, {different.Count} different");
        Assert.True(different.Count == 0, string.Join('\n', different));

        // The numbers stand in docs/models.md.
        Assert.Equal((455, 6, 17), (equal, refused, onPurpose));
    }

    private static string Answer(byte[] file)
    {
        try
        {
            using var image = ImageDecoder.Decode(file);
            var header = ImageDecoder.ReadHeader(file);
            Assert.Equal((image.Width, image.Height), (header.Width, header.Height));
            return $"{image.Width}×{image.Height} {Convert.ToHexStringLower(SHA256.HashData(image.Pixels.Span))}";
        }
        catch (FlowKitException exception)
        {
            return $"refused: {exception.Message}";
        }
    }
}
