using FlowKit.Configuration.Diagnostics;

namespace FlowKit.Configuration.Gateway;

/// <summary>A key of the gateway: its digest, and what it allows.</summary>
/// <param name="Digest">The SHA-256 of the key as 64 lower-case hexadecimal digits; the key itself is not kept.</param>
public sealed record ApiKeyConfig(string Digest)
{
    /// <summary>The scopes of a key that says nothing of them: reading and writing.</summary>
    public const ApiKeyScopes DefaultScopes = ApiKeyScopes.Read | ApiKeyScopes.Write;

    /// <summary>Its name, for the log; <see langword="null"/> when it has none.</summary>
    public string? Name { get; init; }

    /// <summary>The things that it allows. Default <see cref="DefaultScopes"/>.</summary>
    public ApiKeyScopes Scopes { get; init; } = DefaultScopes;

    /// <summary>The time from which it is valid no more; <see langword="null"/> for never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>
    /// Reads what a configuration or a line of a key file writes: a key, or <c>sha256:</c> and the digest of one, then as needed
    /// <c>name=ops</c>, <c>scopes=read,write,admin</c>, <c>expires=2027-01-31</c> (valid to the end of that day, UTC) or a time.
    /// </summary>
    /// <param name="written">What is written.</param>
    /// <param name="mistake">Says what is wrong without showing any of it; <see langword="null"/> when nothing is.</param>
    /// <returns>The key; <see langword="null"/> when it is none.</returns>
    public static ApiKeyConfig? Read(string written, out string? mistake)
    {
        ArgumentNullException.ThrowIfNull(written);
        var words = written.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length == 0 || ApiKeyDigest.Read(words[0]) is not { } digest)
        {
            mistake = Expected;
            return null;
        }

        SecretValues.Add(words[0]);
        if (ApiKeyDigest.IsGuessed(digest))
        {
            mistake = "the key behind this digest is a word that everybody tries; make one with 'flowkit key new'";
            return null;
        }

        var key = new ApiKeyConfig(digest);
        foreach (var word in words.Skip(1))
        {
            if (key.With(word, out mistake) is not { } more)
            {
                return null;
            }

            key = more;
        }

        mistake = null;
        return key;
    }

    private static string Expected =>
        $"expected a key of at least {ApiKeyDigest.MinKeyLength} ASCII characters without blanks, or {ApiKeyDigest.Prefix} and "
            + "64 hexadecimal digits, and after it name=, scopes= and expires= as needed";

    private ApiKeyConfig? With(string word, out string? mistake)
    {
        var at = word.IndexOf('=', StringComparison.Ordinal);
        var value = word[(at + 1)..];
        mistake = null;
        switch (at < 0 ? "" : word[..at])
        {
            case "name" when value.Length > 0:
                return this with { Name = value };
            case "scopes":
                mistake = "scopes: expected read, write and admin, with commas between them";
                return ReadScopes(value) is { } scopes ? this with { Scopes = scopes } : null;
            case "expires":
                mistake = "expires: expected a date such as 2027-01-31, or a time such as 2027-01-31T12:00:00Z";
                return ReadTime(value) is { } time ? this with { Expires = time } : null;
            default:
                mistake = Expected;
                return null;
        }
    }

    private static ApiKeyScopes? ReadScopes(string value)
    {
        var scopes = ApiKeyScopes.None;
        foreach (var name in value.Split(','))
        {
            if (name.Length == 0 || !char.IsAsciiLetter(name[0]) || !Enum.TryParse<ApiKeyScopes>(name, ignoreCase: true, out var scope))
            {
                return null;
            }

            scopes |= scope;
        }

        return scopes == ApiKeyScopes.None ? null : scopes;
    }

    private static DateTimeOffset? ReadTime(string value)
    {
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        if (DateOnly.TryParseExact(value, "yyyy-MM-dd", culture, System.Globalization.DateTimeStyles.None, out var day))
        {
            return new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).AddDays(1);
        }

        return value.Contains('T', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(value, culture, System.Globalization.DateTimeStyles.AssumeUniversal, out var time) ? time : null;
    }
}
