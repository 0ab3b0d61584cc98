using System.Security.Cryptography;
using System.Text;

namespace FlowKit.Configuration.Gateway;

/// <summary>The form in which an API key is kept: its SHA-256, so that no memory dump, log or error shows a key.</summary>
public static class ApiKeyDigest
{
    /// <summary>Tells what stands before a digest that is written instead of the key.</summary>
    public const string Prefix = "sha256:";

    /// <summary>The fewest characters of a key; shorter ones can be guessed.</summary>
    public const int MinKeyLength = 16;

    private const int DigestLength = 64;
    private const int NewKeyBytes = 32;

    /// <summary>Digests of words that stand in samples, and that everybody tries first.</summary>
    private static readonly HashSet<string> s_guessed = new(
        new[]
        {
            "", "admin", "api-key", "api_key", "apikey", "changeme", "default", "demo", "example", "flowkit", "foo", "hello", "key",
            "letmein", "my-key", "mykey", "pass", "password", "root", "sample", "secret", "test", "testkey", "test-key", "token",
            "1234", "12345", "123456", "12345678", "123456789", "1234567890",
        }.Select(Of),
        StringComparer.Ordinal);

    /// <summary>Makes a key that nobody can guess: 64 hexadecimal digits.</summary>
    public static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NewKeyBytes));

    /// <summary>The digest of a key.</summary>
    /// <param name="key">The key.</param>
    public static string Of(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>Tells whether a digest is that of a word that is guessed at once.</summary>
    /// <param name="digest">The digest, in lower case.</param>
    public static bool IsGuessed(string digest) => s_guessed.Contains(digest);

    /// <summary>Reads what a configuration or a key file writes: a key, or <c>sha256:</c> and the digest of one.</summary>
    /// <param name="written">What is written.</param>
    /// <returns>The digest; <see langword="null"/> when it is neither.</returns>
    public static string? Read(string written)
    {
        ArgumentNullException.ThrowIfNull(written);
        if (!written.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return written.Length >= MinKeyLength && written.All(letter => letter is > ' ' and < '\x7f') ? Of(written) : null;
        }

        var digest = written[Prefix.Length..];
        return digest.Length == DigestLength && digest.All(char.IsAsciiHexDigit) ? digest.ToLowerInvariant() : null;
    }
}
