using System.Text.Json.Nodes;
using FlowKit.Components;

namespace FlowKit.Runtime.Executors.Calls;

/// <summary>Describes what came of each document of a batch.</summary>
/// <param name="count">The number of documents.</param>
/// <param name="faults">The exceptions that point at the replica.</param>
internal sealed class BatchAnswers(int count, ExecutorFaults faults)
{
    /// <summary>The answer at each place; <see langword="null"/> where it failed.</summary>
    public Document?[] Documents { get; } = new Document?[count];

    /// <summary>The failure at each place.</summary>
    public Exception?[] Failures { get; } = new Exception?[count];

    /// <summary>Tells what the executor reported beside documents, by name.</summary>
    public List<KeyValuePair<string, JsonNode?>> Results { get; } = [];

    /// <summary>The last exception.</summary>
    public Exception? Thrown { get; private set; }

    /// <summary>An exception that the executor did not throw on purpose; one that points at the replica where there is such.</summary>
    public Exception? Unforeseen { get; private set; }

    /// <summary>Indicates whether a call succeeded, for some of the documents at least.</summary>
    public bool HasSuccess => Documents.Length == 0 ? Thrown is null : Array.Exists(Documents, document => document is not null);

    public void Fail(int start, int count, Exception exception)
    {
        Array.Fill(Failures, exception, start, count);
        Note(exception);
    }

    /// <summary>Everything without an answer has failed.</summary>
    public void FailRest(Exception exception)
    {
        for (var i = 0; i < Documents.Length; i++)
        {
            Failures[i] ??= Documents[i] is null ? exception : null;
        }

        Note(exception);
    }

    private void Note(Exception exception)
    {
        Thrown = exception;
        var isForeseen = exception is FlowKitException { Error.Code: not FlowErrorCode.Internal };
        if (!isForeseen && (Unforeseen is null || faults.Include(exception)))
        {
            Unforeseen = exception;
        }
    }
}
