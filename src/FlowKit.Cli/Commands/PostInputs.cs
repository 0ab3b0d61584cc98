using System.CommandLine;
using System.Runtime.CompilerServices;
using FlowKit.Client;
using FlowKit.Hosting.Inputs;

namespace FlowKit.Cli.Commands;

/// <summary>The options that say what <c>flowkit post</c> posts: texts, documents and files.</summary>
internal sealed class PostInputs
{
    private const string StandardInput = "-";

    public Option<string[]> Text { get; } = new("--text")
    {
        Description = "A document's text; may be repeated.",
        DefaultValueFactory = _ => [],
    };

    public Option<string[]> Files { get; } = new("--inputs")
    {
        Description = "Files or globs; each file becomes a document with its bytes as blob.",
        DefaultValueFactory = _ => [],
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<string?> TextLines { get; } = new("--text-lines")
    {
        Description = "A file of texts, each line a document's; - is standard input.",
    };

    public Option<string?> JsonLines { get; } = new("--json-lines")
    {
        Description = "A file of documents, each line one as JSON; - is standard input.",
    };

    /// <summary>Indicates whether documents come from lines, whose number is not known before they are read.</summary>
    public bool AreLines(ParseResult result) => result.GetValue(TextLines) is not null || result.GetValue(JsonLines) is not null;

    /// <summary>Refuses what cannot be read twice.</summary>
    public void Validate(System.CommandLine.Parsing.CommandResult result)
    {
        if (result.GetValue(TextLines) == StandardInput && result.GetValue(JsonLines) == StandardInput)
        {
            result.AddError("--json-lines: standard input has the lines of --text-lines already.");
        }
    }

    /// <summary>Finds the files; <see langword="null"/> when none are asked for.</summary>
    /// <exception cref="FlowKitException">A file is not there, or a pattern finds none.</exception>
    public InputFiles? Find(ParseResult result) =>
        result.GetRequiredValue(Files) is { Length: > 0 } patterns ? InputFiles.Find(patterns, Directory.GetCurrentDirectory()) : null;

    /// <summary>Reads the documents, texts first.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="files">The files.</param>
    /// <param name="unreadable">Is told of each file and line that cannot be read, and is left out.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<Document> ReadAsync(
        ParseResult result,
        InputFiles? files,
        Action<FlowKitException> unreadable,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var text in result.GetRequiredValue(Text))
        {
            yield return new Document { Text = text };
        }

        if (result.GetValue(TextLines) is { } texts)
        {
            await using var lines = Open("--text-lines", texts);
            await foreach (var document in Inputs.TextLines(lines).WithCancellation(cancellationToken))
            {
                yield return document;
            }
        }

        if (result.GetValue(JsonLines) is { } documents)
        {
            await using var lines = Open("--json-lines", documents);
            await foreach (var document in Inputs.JsonLines(lines, unreadable).WithCancellation(cancellationToken))
            {
                yield return document;
            }
        }

        if (files is not null)
        {
            await foreach (var document in files.ReadAsync(unreadable, cancellationToken))
            {
                yield return document;
            }
        }
    }

    private static Stream Open(string option, string path)
    {
        try
        {
            return path == StandardInput ? Console.OpenStandardInput() : File.OpenRead(path);
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            throw new FlowKitException(
                FlowErrorCode.NotFound, $"{option}: the file '{path}' cannot be read: {exception.Message}", exception);
        }
    }
}
