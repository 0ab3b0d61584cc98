using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace FlowKit.Wire;

/// <summary>Reads lines of text one by one, whatever their number.</summary>
public static class TextLines
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the lines.</summary>
    /// <param name="lines">The lines, in UTF-8; it is left open.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Each line with its number, from 1.</returns>
    /// <exception cref="FlowKitException">They are not UTF-8: other bytes would silently become other letters.</exception>
    public static async IAsyncEnumerable<(long Number, string Line)> ReadAsync(
        Stream lines, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(lines);
        using var reader = new StreamReader(lines, s_strict, leaveOpen: true);
        for (var number = 1L; await ReadLineAsync(reader, number, cancellationToken) is { } line; number++)
        {
            yield return (number, line);
        }
    }

    private static async Task<string?> ReadLineAsync(StreamReader reader, long number, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadLineAsync(cancellationToken);
        }
        catch (DecoderFallbackException exception)
        {
            // A reader decodes a block at once: the bytes may stand some lines further on.
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                string.Create(CultureInfo.InvariantCulture, $"From line {number} on there are bytes that are not UTF-8."),
                exception);
        }
    }
}
