using System.Buffers;
using Grpc.Core;

namespace FlowKit.Wire.Grpc;

/// <summary>Makes the metadata of a call from texts that people wrote.</summary>
public static class CallMetadata
{
    private static readonly SearchValues<char> s_name = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>Makes metadata.</summary>
    /// <param name="entries">
    /// Texts by name: printable ASCII, or base64 under a name that ends in <c>-bin</c>; capitals of a name are made small.
    /// </param>
    /// <exception cref="ArgumentException">A name is gRPC's own, or a name or value cannot be sent.</exception>
    public static Metadata Of(IEnumerable<KeyValuePair<string, string>> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var metadata = new Metadata();
        foreach (var (name, value) in entries)
        {
            metadata.Add(EntryOf(name, value));
        }

        return metadata;
    }

    private static Metadata.Entry EntryOf(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        var lower = name.ToLowerInvariant();
        if (lower.AsSpan().ContainsAnyExcept(s_name))
        {
            throw new ArgumentException($"The metadata name '{name}' may hold only letters, digits and - _ .", nameof(name));
        }

        if (IsReserved(lower))
        {
            throw new ArgumentException($"The metadata name '{name}' is gRPC's own; choose another.", nameof(name));
        }

        if (lower.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.Ordinal))
        {
            return new Metadata.Entry(lower, Decode(name, value));
        }

        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new ArgumentException(
                $"The metadata '{name}' may hold only printable ASCII; use a name that ends in -bin, and base64, for anything else.",
                nameof(value));
        }

        return new Metadata.Entry(lower, value.Trim(' '));
    }

    /// <summary>Padding may be there or not.</summary>
    private static byte[] Decode(string name, string text)
    {
        var padded = text.TrimEnd('=');
        padded = padded.PadRight((padded.Length + 3) / 4 * 4, '=');
        try
        {
            return Convert.FromBase64String(padded);
        }
        catch (FormatException exception)
        {
            throw new ArgumentException($"The metadata '{name}' must be base64, since its name ends in -bin.", nameof(text), exception);
        }
    }

    private static bool IsReserved(string name) =>
        name.StartsWith("grpc-", StringComparison.Ordinal)
        || name is "te" or "content-type" or "content-length" or "connection" or "transfer-encoding" or "host" or "trailer";
}
