using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace FlowKit.Hosting;

/// <summary>Writes every text in capital letters, with what it is told behind it.</summary>
public sealed class Upper(string suffix = "") : Executor
{
    [Requests("/upper")]
    public void Run(DocumentArray docs)
    {
        foreach (var doc in docs)
        {
            doc.Text = doc.Text?.ToUpperInvariant() + suffix;
        }
    }
}

/// <summary>Adds a text to every document.</summary>
public sealed class Tagger(string tag) : Executor
{
    [Requests]
    public void Run(DocumentArray docs)
    {
        foreach (var doc in docs)
        {
            doc.Tags[tag] = Context.Name;
        }
    }
}

/// <summary>Gives every document a vector.</summary>
public sealed class Embedder : Executor
{
    [Requests]
    public static void Run(DocumentArray docs)
    {
        foreach (var doc in docs)
        {
            doc.Embedding = NdArray.Wrap(new float[] { 1, 2, 3 }, 3);
        }
    }
}

/// <summary>Greets with a service of the program.</summary>
public sealed partial class Greeter(Greeting greeting, ILogger<Greeter> logger) : Executor
{
    [Requests("/greet")]
    public async Task GreetAsync(DocumentArray docs)
    {
        foreach (var doc in docs)
        {
            doc.Text = await greeting.GreetAsync(doc.Text!);
            Greeted(logger, doc.Text);
        }
    }

    [Requests("/stream")]
    public async IAsyncEnumerable<Document> StreamAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var number = 0; number < 3; number++)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return new Document { Text = await greeting.GreetAsync($"{number}") };
        }
    }

    [Requests("/throw")]
    public static void Throw() => throw new InvalidOperationException("not today");

    [LoggerMessage(1, LogLevel.Information, "Greeted with {Text}")]
    private static partial void Greeted(ILogger logger, string text);
}

/// <summary>A service of the program, which may be told to wait.</summary>
public sealed class Greeting(string word = "Hello")
{
    /// <summary>What a greeting waits for.</summary>
    public Func<Task> Gate { get; set; } = () => Task.CompletedTask;

    public async Task<string> GreetAsync(string name)
    {
        await Gate();
        return $"{word} {name}";
    }
}

/// <summary>Ends its flow.</summary>
public sealed class Fatal : Executor
{
    [Requests("/end")]
    public static void End() => throw new InsufficientMemoryException("nothing left");
}
