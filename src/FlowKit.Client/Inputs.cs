using System.Runtime.CompilerServices;
using FlowKit.Wire.Json;

namespace FlowKit.Client;

/// <summary>
/// Makes documents of what an application has at hand, for
/// <see cref="FlowClient.PostAsync(string, IAsyncEnumerable{Document}, PostOptions?, CancellationToken)"/>.
/// </summary>
public static class Inputs
{
    /// <summary>A document for each text.</summary>
    /// <param name="texts">The texts.</param>
    public static IAsyncEnumerable<Document> Texts(params IEnumerable<string> texts) =>
        texts.Select(text => new Document { Text = text }).ToAsyncEnumerable();

    /// <summary>A document for each line of text, read when its turn comes; an empty line is one too.</summary>
    /// <param name="lines">The lines, in UTF-8; it is left open.</param>
    /// <exception cref="FlowKitException">While it is enumerated: the lines are not UTF-8.</exception>
    public static IAsyncEnumerable<Document> TextLines(Stream lines) =>
        Wire.TextLines.ReadAsync(lines).Select(line => new Document { Text = line.Line });

    /// <summary>A document for each line of JSON in Jina's form, read when its turn comes; empty lines are passed over.</summary>
    /// <param name="lines">The lines, in UTF-8; it is left open.</param>
    /// <param name="unreadable">
    /// Is told of each line that is no document, which is left out; without it the first one ends the reading.
    /// </param>
    /// <exception cref="FlowKitException">While it is enumerated: a line is no document, and nobody is told.</exception>
    public static IAsyncEnumerable<Document> JsonLines(Stream lines, Action<FlowKitException>? unreadable = null) =>
        DocumentLines.ReadAsync(lines, unreadable).Select(line => line.Document);

    /// <summary>
    /// A document for each file, its bytes as blob and its path as uri, read when its turn comes. Its id is made from the path, so that the
    /// same file is always the same document.
    /// </summary>
    /// <param name="paths">The files; one that is named again gets an id of its own.</param>
    /// <exception cref="FlowKitException">While it is enumerated: a file cannot be read.</exception>
    public static IAsyncEnumerable<Document> Files(params IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return ReadAsync(paths, CancellationToken.None);
    }

    /// <summary>A document for each blob.</summary>
    /// <param name="blobs">The bytes, which the documents keep.</param>
    public static IAsyncEnumerable<Document> Blobs(params IEnumerable<ReadOnlyMemory<byte>> blobs) =>
        blobs.Select(blob => new Document { Blob = blob }).ToAsyncEnumerable();

    /// <summary>A document with an embedding for each row.</summary>
    /// <param name="rows">The vectors one after another; they are copied.</param>
    /// <param name="dimensions">Numbers in a vector.</param>
    /// <exception cref="FlowKitException">The numbers do not fill whole rows.</exception>
    public static IAsyncEnumerable<Document> Vectors(ReadOnlySpan<float> rows, int dimensions)
    {
        if (dimensions < 1 || rows.Length % dimensions != 0)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, $"{rows.Length} numbers are not whole vectors of {dimensions}.");
        }

        var documents = new List<Document>(rows.Length / dimensions);
        for (var at = 0; at < rows.Length; at += dimensions)
        {
            documents.Add(new Document { Embedding = NdArray.Wrap(rows.Slice(at, dimensions).ToArray(), dimensions) });
        }

        return documents.ToAsyncEnumerable();
    }

    /// <summary>A document for each value.</summary>
    /// <param name="values">Documents, texts, <see cref="FileInfo"/>s, bytes, <c>float[]</c> embeddings, arrays, or addresses.</param>
    /// <exception cref="FlowKitException">While it is enumerated: a value is of another kind, or a file cannot be read.</exception>
    public static async IAsyncEnumerable<Document> Of(params IEnumerable<object> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        foreach (var value in values)
        {
            yield return value is FileInfo file ? await ReadAsync(file.FullName, CancellationToken.None) : Convert(value);
        }
    }

    private static Document Convert(object value) => value switch
    {
        Document document => document,
        string text => new Document { Text = text },
        byte[] bytes => new Document { Blob = bytes },
        ReadOnlyMemory<byte> bytes => new Document { Blob = bytes },
        Memory<byte> bytes => new Document { Blob = bytes },
        float[] vector => new Document { Embedding = NdArray.Wrap(vector, vector.Length) },
        NdArray tensor => new Document { Tensor = tensor },
        Uri uri => new Document { Uri = uri.ToString() },
        _ => throw new FlowKitException(
            FlowErrorCode.InvalidArgument,
            $"A {value?.GetType().Name ?? "null"} is no input; expected a Document, text, FileInfo, bytes, float[], NdArray or Uri."),
    };

    private static async IAsyncEnumerable<Document> ReadAsync(
        IEnumerable<string> paths, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            var document = await ReadAsync(path, cancellationToken);
            document.Id = known.Add(path) ? NewId.Of(path) : document.Id;
            yield return document;
        }
    }

    private static async Task<Document> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return new Document { Blob = await RegularFile.ReadAsync(path, cancellationToken), Uri = path };
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            throw new FlowKitException(FlowErrorCode.NotFound, $"The file '{path}' cannot be read: {exception.Message}", exception);
        }
    }
}
