using FlowKit.Runtime;
using FlowKit.TestKit;

namespace FlowKit.Components;

/// <summary>Methods that take one <see cref="Document"/>, and so are called with one after another.</summary>
public sealed class OneDocumentTests
{
    [Theory]
    [InlineData("/change", "a! b!")]
    [InlineData("/replace", "A B")]
    [InlineData("/later", "A B")]
    [InlineData("/split", "a 1 b 1")]
    [InlineData("/times", "aaa bbb")]
    [InlineData("/one", "a")]
    public async Task It_is_called_with_each(string endpoint, string expected)
    {
        await using var executor = await TestExecutor.StartAsync<OneByOne>();

        var documents = endpoint == "/one" ? new DocumentArray { new() { Text = "a" } } : [new() { Text = "a" }, new() { Text = "b" }];
        var answer = await executor.PostAsync(endpoint, documents, endpoint == "/times" ? new { times = 3 } : null);

        Assert.Equal(expected, string.Join(' ', answer.Select(document => document.Text)));
    }

    [Fact]
    public async Task Its_stream_is_that_of_all()
    {
        await using var executor = await TestExecutor.StartAsync<OneByOne>();

        var texts = new List<string?>();
        var request = new FlowRequest("/letters", [new Document { Text = "ab" }, new Document { Text = "cd" }]);
        await foreach (var document in executor.Flow.Runtime.StreamAsync(request, CancellationToken.None))
        {
            texts.Add(document.Text);
        }

        Assert.Equal(["a", "b", "c", "d"], texts);
    }

    [Fact]
    public async Task No_documents_are_no_calls()
    {
        await using var executor = await TestExecutor.StartAsync<OneByOne>();

        Assert.Empty(await executor.PostAsync("/replace"));
    }

    [Fact]
    public async Task What_none_of_a_request_is_no_class_of_parameters()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => TestExecutor.StartAsync<TakesAnArray>());

        Assert.Contains("TakesAnArray.Run: the parameter 'array' is a NdArray", error.Message, StringComparison.Ordinal);
        Assert.Contains("one Document", error.Message, StringComparison.Ordinal);
    }

    public sealed class OneByOne : Executor
    {
        [Requests("/change")]
        public static void Change(Document document) => document.Text += "!";

        [Requests("/replace")]
        public static Document Replace(Document document) => new() { Text = document.Text!.ToUpperInvariant() };

        [Requests("/later")]
        public static async Task<Document> LaterAsync(Document document, CancellationToken cancellationToken)
        {
            await Task.Delay(1, cancellationToken);
            return Replace(document);
        }

        [Requests("/split")]
        public static DocumentArray Split(Document document) => [document, new Document { Text = "1" }];

        [Requests("/times")]
        public static void Times(Document document, Often often) =>
            document.Text = string.Concat(Enumerable.Repeat(document.Text, often.Times));

        [Requests("/one")]
        public static Document First(DocumentArray documents) => documents[0];

        [Requests("/letters")]
        public static async IAsyncEnumerable<Document> LettersAsync(Document document)
        {
            foreach (var letter in document.Text!)
            {
                await Task.Yield();
                yield return new Document { Text = $"{letter}" };
            }
        }
    }

    public sealed class Often
    {
        public int Times { get; set; } = 1;
    }

    public sealed class TakesAnArray : Executor
    {
        [Requests]
        public static void Run(NdArray array) => ArgumentNullException.ThrowIfNull(array);
    }
}
