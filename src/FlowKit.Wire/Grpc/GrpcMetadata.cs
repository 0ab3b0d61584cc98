using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace FlowKit.Wire.Grpc;

/// <summary>What is said beside messages, in order; a name may come several times. Values are ASCII text, or bytes under names that end in <c>-bin</c>.</summary>
public sealed class GrpcMetadata
{
    private static readonly SearchValues<char> s_name = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

    private readonly List<KeyValuePair<string, string>> _entries = [];

    /// <summary>Names in lower case, with their texts.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Entries => _entries;

    /// <summary>Texts by name, as metadata.</summary>
    /// <param name="entries">The texts; see <see cref="Add(string, string)"/>.</param>
    /// <exception cref="ArgumentException">A name is reserved, or a name or value holds other characters.</exception>
    public static GrpcMetadata Of(IReadOnlyDictionary<string, string> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var metadata = new GrpcMetadata();
        foreach (var (name, value) in entries)
        {
            metadata.Add(name, value);
        }

        return metadata;
    }

    /// <summary>Adds a text.</summary>
    /// <param name="name">Lower-case letters, digits, <c>- _ .</c>; capitals are made small.</param>
    /// <param name="value">Printable ASCII; base64 under a name that ends in <c>-bin</c>.</param>
    /// <exception cref="ArgumentException">The name is reserved, or name or value hold other characters.</exception>
    public GrpcMetadata Add(string name, string value)
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
            throw new ArgumentException($"The metadata name '{name}' is gRPC's own.", nameof(name));
        }

        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new ArgumentException($"The metadata '{name}' may hold only printable ASCII; use a name that ends in -bin for anything else.", nameof(value));
        }

        _entries.Add(new KeyValuePair<string, string>(lower, value.Trim(' ')));
        return this;
    }

    /// <summary>Adds bytes.</summary>
    /// <param name="name">A name that ends in <c>-bin</c>.</param>
    /// <param name="value">The bytes.</param>
    /// <exception cref="ArgumentException">The name does not end in <c>-bin</c>; see also <see cref="Add(string, string)"/>.</exception>
    public GrpcMetadata Add(string name, ReadOnlySpan<byte> value)
    {
        if (name?.EndsWith(GrpcHeaders.BinarySuffix, StringComparison.OrdinalIgnoreCase) != true)
        {
            throw new ArgumentException($"The metadata name '{name}' has bytes as its value, so it must end in {GrpcHeaders.BinarySuffix}.", nameof(name));
        }

        return Add(name, Convert.ToBase64String(value).TrimEnd('='));
    }

    /// <summary>The last text of a name; <see langword="null"/> when there is none.</summary>
    /// <param name="name">The name.</param>
    public string? Find(string name) => _entries.FindLast(entry => entry.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>The last bytes of a name; <see langword="null"/> when there are none, or what came is not base64.</summary>
    /// <param name="name">The name, with its <c>-bin</c>.</param>
    public byte[]? FindBytes(string name) => Find(name) is { } text && TryDecode(text, out var bytes) ? bytes : null;

    /// <summary>Every text of a name.</summary>
    /// <param name="name">The name.</param>
    public IEnumerable<string> FindAll(string name) => _entries.Where(entry => entry.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(entry => entry.Value);

    /// <summary>Takes what came as a header, unless it is the protocol's own.</summary>
    /// <param name="name">The header's name.</param>
    /// <param name="value">Its value; several byte values may be joined by commas.</param>
    public void Receive(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        var lower = name.ToLowerInvariant();
        if (lower.StartsWith(':') || IsReserved(lower))
        {
            return;
        }

        if (lower.EndsWith(GrpcHeaders.BinarySuffix, StringComparison.Ordinal) && value.Contains(',', StringComparison.Ordinal))
        {
            _entries.AddRange(value.Split(',', StringSplitOptions.TrimEntries).Select(part => new KeyValuePair<string, string>(lower, part)));
            return;
        }

        _entries.Add(new KeyValuePair<string, string>(lower, value));
    }

    /// <summary>Padding may be there or not.</summary>
    internal static bool TryDecode(string text, [NotNullWhen(true)] out byte[]? bytes)
    {
        var padded = text.TrimEnd('=');
        padded = padded.PadRight((padded.Length + 3) / 4 * 4, '=');
        bytes = new byte[padded.Length / 4 * 3];
        var valid = Convert.TryFromBase64String(padded, bytes, out var length);
        bytes = valid ? bytes[..length] : null;
        return valid;
    }

    private static bool IsReserved(string name) =>
        name.StartsWith("grpc-", StringComparison.Ordinal) || name is "te" or "content-type" or "content-length" or "connection" or "transfer-encoding" or "host" or "trailer";
}
