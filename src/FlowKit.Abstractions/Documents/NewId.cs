using System.Security.Cryptography;
using System.Text;

namespace FlowKit;

/// <summary>
/// Makes ids as Jina does: 32 hex digits that come twice nowhere. They are not secret, so the machine's own generator is not asked for
/// each.
/// </summary>
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

    /// <summary>
    /// The id of something that has a name, such as a file's path: the same name always gives the same id, as long as <see cref="Next"/>'s.
    /// </summary>
    /// <param name="name">The name.</param>
    public static string Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, Bytes));
    }
}
