using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using FlowKit.Tests;

namespace FlowKit.Bombs;

/// <summary>The bodies, made anew each time.</summary>
internal static class Inputs
{
    private const int Megapixels100 = 10_000;

    /// <summary>One text, compressed.</summary>
    /// <param name="bytes">Its length.</param>
    /// <param name="run">How many letters are alike before some are not: the longer, the smaller it is packed.</param>
    public static byte[] PackedText(int bytes, int run)
    {
        var random = new Random(1);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write("{\"data\":[{\"text\":\""u8);
            for (var written = 0; written < bytes; written += run)
            {
                var noise = Encoding.ASCII.GetBytes($"{random.Next():x8} ");
                gzip.Write(noise);
                gzip.Write(Encoding.ASCII.GetBytes(new string('x', run - noise.Length)));
            }

            gzip.Write("\"}]}"u8);
        }

        return packed.ToArray();
    }

    /// <summary>One text, as it is.</summary>
    public static byte[] Text(int bytes)
    {
        var text = new StringBuilder("{\"data\":[{\"text\":\"");
        while (text.Length < bytes)
        {
            text.Append("a word and another ");
        }

        return Encoding.ASCII.GetBytes(text.Append("\"}]}").ToString());
    }

    /// <summary>Empty documents.</summary>
    public static byte[] Empty(int count) =>
        Encoding.ASCII.GetBytes($"{{\"data\":[{string.Join(',', Enumerable.Repeat("{}", count))}]}}");

    /// <summary>Pictures of 100 megapixels, each of 25 KB.</summary>
    public static byte[] Pictures(int count)
    {
        var picture = Convert.ToBase64String(Png(Megapixels100));
        var documents = Enumerable.Range(0, count).Select(i => $"{{\"id\":\"{i}\",\"blob\":\"{picture}\"}}");
        return Encoding.ASCII.GetBytes($"{{\"data\":[{string.Join(',', documents)}]}}");
    }

    private static byte[] Png(int side)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            var row = new byte[1 + ((side + 7) / 8)];
            for (var i = 0; i < side; i++)
            {
                zlib.Write(row);
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, side);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), side);
        header[8] = 1;
        return
        [
            0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n', .. PngChunk.Of("IHDR"u8, header), .. PngChunk.Of("IDAT"u8, packed.ToArray()), .. PngChunk.Of("IEND"u8, []),
        ];
    }
}
