namespace FlowKit.Routing.Shards;

/// <summary>
/// A hash that is the same on every machine and in every run: FNV-1a (64 bits) over the UTF-8 bytes, finished with MurmurHash3's
/// <c>fmix64</c>, without which ids that differ only in even numbers would all have the same lowest bit.
/// </summary>
internal static class StableHash
{
    /// <summary>The hash of a text.</summary>
    public static ulong Of(string text) => Finish(Fnv1a(text));

    /// <summary>FNV-1a with its standard offset and prime; a half surrogate counts as U+FFFD.</summary>
    internal static ulong Fnv1a(string text)
    {
        var hash = 0xcbf29ce484222325;
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
            {
                hash = (hash ^ value) * 0x100000001b3;
            }
        }

        return hash;
    }

    private static ulong Finish(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
        return hash ^ (hash >> 33);
    }
}
