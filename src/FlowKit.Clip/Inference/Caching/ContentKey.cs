using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace FlowKit.Clip.Inference.Caching;

/// <summary>The SHA-256 of what was embedded, in the form it was embedded in.</summary>
/// <param name="First">Its first half.</param>
/// <param name="Second">Its second half.</param>
internal readonly record struct ContentKey(UInt128 First, UInt128 Second)
{
    /// <summary>The key of a text: its ids, so that texts which the model cannot tell apart are one.</summary>
    internal static ContentKey Of(TokenizedText text) => Of(MemoryMarshal.AsBytes(text.Ids.AsSpan(0, text.Length)), 0);

    /// <summary>The key of a picture file.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="decoding">The decoding options as a number: other options give another embedding.</param>
    internal static ContentKey Of(ReadOnlySpan<byte> file, int decoding)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(file, hash);
        return new ContentKey(
            BinaryPrimitives.ReadUInt128LittleEndian(hash) ^ (UInt128)(uint)decoding,
            BinaryPrimitives.ReadUInt128LittleEndian(hash[16..]));
    }
}
