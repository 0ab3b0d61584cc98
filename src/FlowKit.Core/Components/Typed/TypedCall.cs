using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace FlowKit.Components.Typed;

/// <summary>
/// Calls a method that takes typed documents, once with all of them or with one after another, or one <see cref="Document"/>.
/// </summary>
/// <param name="parameter">The type of its parameter.</param>
/// <param name="item">The type of a document.</param>
/// <param name="call">Calls it with <see cref="ExecutorCall.Typed"/>.</param>
internal sealed class TypedCall(Type parameter, Type item, Func<Executor, ExecutorCall, ValueTask<object?>> call)
{
    /// <summary>Makes a typed document of one; <see langword="null"/> where the method takes it as it is.</summary>
    private readonly DocumentShape? _shape = item == typeof(Document) ? null : DocumentShape.Of(item);

    /// <summary>Calls the method.</summary>
    public ValueTask<object?> InvokeAsync(Executor executor, ExecutorCall given) =>
        parameter == item ? OneByOneAsync(executor, given) : AllAsync(executor, given);

    /// <summary>A method that returns nothing has worked on the documents that it was given.</summary>
    private async ValueTask<object?> AllAsync(Executor executor, ExecutorCall given)
    {
        var typed = FieldValue.ToList(parameter, item, given.Documents.Select(Read).Cast<BaseDoc>());
        return await call(executor, given with { Typed = typed }) ?? TypedResults.Of(typed);
    }

    private async ValueTask<object?> OneByOneAsync(Executor executor, ExecutorCall given)
    {
        var documents = new DocumentArray();
        List<object>? reports = null;
        for (var at = 0; at < given.Documents.Count; at++)
        {
            var typed = Read(given.Documents[at], at);
            switch (await call(executor, given with { Typed = typed }))
            {
                case null:
                    documents.AddRange((DocumentArray)TypedResults.Of(typed)!);
                    break;
                case IEnumerable<Document> answer:
                    documents.AddRange(answer);
                    break;
                case IAsyncEnumerable<Document> first:
                    return StreamAsync(executor, given, at, first, given.CancellationToken);
                case var report:
                    (reports ??= []).Add(report);
                    break;
            }
        }

        return reports switch
        {
            null => documents,
            [var only] => only,
            _ => new JsonArray([.. reports.Select(EndpointMethod.ToJson)]),
        };
    }

    /// <summary>The streams of all documents, one behind the other.</summary>
    private async IAsyncEnumerable<Document> StreamAsync(
        Executor executor,
        ExecutorCall given,
        int at,
        IAsyncEnumerable<Document> stream,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            await foreach (var document in stream.WithCancellation(cancellationToken))
            {
                yield return document;
            }

            if (++at == given.Documents.Count)
            {
                yield break;
            }

            stream = (IAsyncEnumerable<Document>)(await call(executor, given with { Typed = Read(given.Documents[at], at) }))!;
        }
    }

    private object Read(Document document, int at) =>
        _shape?.Read(document, FormattableString.Invariant($"data[{at}]")) ?? (object)document;
}
