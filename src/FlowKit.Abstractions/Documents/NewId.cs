namespace FlowKit;

/// <summary>Makes ids as Jina does: 32 hex digits that come twice nowhere. They are not secret, so the machine's own generator is not asked for each.</summary>
public static class NewId
{
    private const int Bytes = 16;

    /// <summary>A new id.</summary>
    public static string Next()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        Random.Shared.NextBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
