using System.Text.Json.Nodes;
using FlowKit.Imaging;

namespace FlowKit.Fuzz.Targets;

/// <summary>Pictures of every format, header and pixels; a picture comes out, or the reason why there is none.</summary>
internal sealed class ImageTarget : FuzzTarget
{
    private static readonly ImageDecodeOptions s_options = new() { MaxPixels = 1 << 20, Pooled = false };

    public override string Name => "image";

    /// <summary>The pixels of the largest picture that is allowed, and their copies.</summary>
    public override long AllocationBase => 32 << 20;

    public override IReadOnlyList<byte[]> Tokens { get; } =
    [
        "\x89PNG\r\n\x1A\n"u8.ToArray(), "IHDR"u8.ToArray(), "IDAT"u8.ToArray(), "PLTE"u8.ToArray(), "tRNS"u8.ToArray(), "iCCP"u8.ToArray(), "GIF89a"u8.ToArray(), "BM"u8.ToArray(),
        "II*\0"u8.ToArray(), "MM\0*"u8.ToArray(), "RIFF"u8.ToArray(), "WEBPVP8L"u8.ToArray(), "P6\n"u8.ToArray(), "P4 "u8.ToArray(), "P7\n"u8.ToArray(), "Exif\0\0"u8.ToArray(),
        [0xFF, 0xD8, 0xFF], [0xFF, 0xD9], [0xFF, 0xDA], [0xFF, 0xC0], [0x21, 0xF9, 0x04], [0x2C, 0, 0, 0, 0], [0x3B],
    ];

    /// <summary>Every fourteenth of the pictures whose pixels are held against Pillow's: each format, each kind of pixel.</summary>
    public override IEnumerable<Seed> Seeds() =>
        File.ReadLines(Path.Combine(Repository.Root, "tests", "testdata", "pillow", "pictures.jsonl"))
            .Where((_, index) => index % 14 == 0)
            .Select(line => JsonNode.Parse(line)!)
            .Select(picture => new Seed(picture["name"]!.GetValue<string>(), Convert.FromBase64String(picture["file"]!.GetValue<string>())));

    public override void Run(byte[] input)
    {
        Try(() => ImageDecoder.ReadHeader(input));
        Try(() =>
        {
            using var image = ImageDecoder.Decode(input, s_options);
            if (image.Pixels.Length != (long)image.Width * image.Height * 3)
            {
                throw new FuzzFailure($"A picture has another size than its pixels: {image.Width} x {image.Height}, {image.Pixels.Length} bytes.");
            }
        });
        Try(() => ImageDecoder.Decode(input, s_options with { ScaledShortSide = 8, Orientation = ExifOrientation.Apply }).Dispose());
    }

    private static void Try(Action read)
    {
        try
        {
            read();
        }
        catch (FlowKitException exception) when (exception.Error.Code is FlowErrorCode.InvalidArgument or FlowErrorCode.PayloadTooLarge)
        {
        }
    }
}
