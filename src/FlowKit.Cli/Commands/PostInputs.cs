using System.CommandLine;
using System.Runtime.CompilerServices;
using FlowKit.Hosting.Inputs;

namespace FlowKit.Cli.Commands;

/// <summary>The options that say what <c>flowkit post</c> posts: texts and files.</summary>
internal sealed class PostInputs
{
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

    /// <summary>Finds the files; <see langword="null"/> when none are asked for.</summary>
    /// <exception cref="FlowKitException">A file is not there, or a pattern finds none.</exception>
    public InputFiles? Find(ParseResult result) =>
        result.GetRequiredValue(Files) is { Length: > 0 } patterns ? InputFiles.Find(patterns, Directory.GetCurrentDirectory()) : null;

    /// <summary>Reads the documents, texts first.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="files">The files.</param>
    /// <param name="unreadable">Is told of each file that cannot be read, and is left out.</param>
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

        if (files is not null)
        {
            await foreach (var document in files.ReadAsync(unreadable, cancellationToken))
            {
                yield return document;
            }
        }
    }
}
