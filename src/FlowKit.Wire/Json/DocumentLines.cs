using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace FlowKit.Wire.Json;

/// <summary>Reads lines of JSON, each a document in Jina's form; empty lines are passed over.</summary>
public static class DocumentLines
{
    /// <summary>Reads the documents one by one.</summary>
    /// <param name="lines">The lines, in UTF-8; it is left open.</param>
    /// <param name="unreadable">
    /// Is told of each line that is no document, which is left out; without it the first one ends the reading.
    /// </param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Each document with the number of its line, from 1.</returns>
    /// <exception cref="FlowKitException">A line is no document, and nobody is told; or the lines are not UTF-8.</exception>
    public static async IAsyncEnumerable<(long Number, Document Document)> ReadAsync(
        Stream lines,
        Action<FlowKitException>? unreadable = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var (number, line) in TextLines.ReadAsync(lines, cancellationToken))
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            Document document;
            try
            {
                document = Read(line, number);
            }
            catch (FlowKitException exception) when (unreadable is not null)
            {
                unreadable(exception);
                continue;
            }

            yield return (number, document);
        }
    }

    private static Document Read(string line, long number)
    {
        try
        {
            return DocumentJsonReader.Read(Encoding.UTF8.GetBytes(line));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                string.Create(CultureInfo.InvariantCulture, $"Line {number} is no document: {exception.Message}"),
                exception);
        }
    }
}
