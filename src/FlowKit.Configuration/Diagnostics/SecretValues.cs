using System.Buffers;
using FlowKit.Configuration.Gateway;

namespace FlowKit.Configuration.Diagnostics;

/// <summary>
/// The secrets that the flows of this process were given: keys of the gateway, and what <c>env:</c> names or takes from the environment.
/// An executor may write one into a message; what is logged, or told to callers, has <c>***</c> in its place.
/// </summary>
internal static class SecretValues
{
    /// <summary>Shorter texts stand in many messages by chance.</summary>
    private const int MinLength = 8;

    private const string Mask = "***";

    private static readonly string[] s_names = ["KEY", "TOKEN", "SECRET", "PASSWORD"];
    private static readonly Lock s_lock = new();
    private static volatile Known s_known = Known.Of([]);

    static SecretValues() => Add(Environment.GetEnvironmentVariable(SecretVariables.ApiKey) ?? "");

    /// <summary>Tells whether a variable of that name holds a secret.</summary>
    public static bool IsNamedSo(string name) => s_names.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));

    /// <summary>Remembers a secret. A path that exists is none: a message would be of no use without it.</summary>
    public static void Add(string value)
    {
        var secret = value.Trim();
        if (secret.Length < MinLength || (Path.IsPathRooted(secret) && Path.Exists(secret)))
        {
            return;
        }

        lock (s_lock)
        {
            if (!s_known.Values.Contains(secret, StringComparer.Ordinal))
            {
                // One may be part of another.
                s_known = Known.Of([.. s_known.Values.Append(secret).OrderByDescending(each => each.Length)]);
            }
        }
    }

    /// <summary>Returns a text without secrets.</summary>
    public static string Scrub(string text)
    {
        var known = s_known;
        return text.AsSpan().ContainsAny(known.Search)
            ? known.Values.Aggregate(text, static (left, value) => left.Replace(value, Mask, StringComparison.Ordinal))
            : text;
    }

    /// <summary>Returns an error whose message, arguments and stack have no secrets.</summary>
    public static FlowError Scrub(FlowError error)
    {
        var message = Scrub(error.Message);
        var details = error.Details is { } known ? Scrub(known) : null;
        return ReferenceEquals(message, error.Message) && ReferenceEquals(details, error.Details)
            ? error
            : error with { Message = message, Details = details };
    }

    private static ExceptionDetails Scrub(ExceptionDetails details)
    {
        var search = s_known.Search;
        return details.Arguments.Concat(details.Stacks).Any(text => text.AsSpan().ContainsAny(search))
            ? details with { Arguments = [.. details.Arguments.Select(Scrub)], Stacks = [.. details.Stacks.Select(Scrub)] }
            : details;
    }

    private sealed record Known(IReadOnlyList<string> Values, SearchValues<string> Search)
    {
        public static Known Of(string[] values) => new(values, SearchValues.Create(values, StringComparison.Ordinal));
    }
}
