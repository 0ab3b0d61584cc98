using System.CommandLine;
using FlowKit.Cli.Load;
using FlowKit.Cli.Output;
using FlowKit.Client;
using FlowKit.Hosting.Inputs;

namespace FlowKit.Cli.Commands;

/// <summary><c>flowkit bench URL</c>: how many requests a flow answers, and how fast.</summary>
internal sealed class BenchCommand
{
    private const string Description = """
        Posts the same request again and again from many callers, and prints how many were answered and how fast.
        Exit code 1 when any failed.

        Examples:
          flowkit bench http://localhost:8080 --on /search --text "red apple"
          flowkit bench grpc://localhost:51000 --on /index --floats 512 --request-size 32 --concurrency 16
          flowkit bench http://localhost:8080 --on /encode --inputs cat.jpg --duration 30 --output json
        """;

    private readonly Argument<string> _url = new("URL")
    {
        Description = "The flow's address, for example http://localhost:8080, grpc://localhost:51000 or ws://localhost:8080.",
    };
    private readonly Option<string> _on = new("--on") { Description = "The endpoint.", DefaultValueFactory = _ => "/" };
    private readonly Option<string> _text = new("--text")
    {
        Description = "Each document's text.",
        DefaultValueFactory = _ => "a text of a few words",
    };
    private readonly Option<string?> _inputs = new("--inputs")
    {
        Description = "A file whose bytes are each document's blob, instead of a text.",
    };
    private readonly Option<int?> _floats = new("--floats")
    {
        Description = "How many float32 numbers each document has as its embedding, instead of a text.",
    };
    private readonly Option<int> _requestSize = new("--request-size")
    {
        Description = "Documents in one request.",
        DefaultValueFactory = _ => 1,
    };
    private readonly Option<int> _concurrency = new("--concurrency")
    {
        Description = "Requests under way at once.",
        DefaultValueFactory = _ => 64,
    };
    private readonly Option<double> _duration = new("--duration") { Description = "For how many seconds.", DefaultValueFactory = _ => 10 };
    private readonly Option<double> _warmUp = new("--warm-up")
    {
        Description = "How many seconds before that are not counted.",
        DefaultValueFactory = _ => 2,
    };
    private readonly ApiKeyOption _apiKey = new();
    private readonly Option<string> _output = new("--output") { Description = "text or json.", DefaultValueFactory = _ => "text" };

    public static Command Create() => new BenchCommand().Build();

    private Command Build()
    {
        _output.AcceptOnlyFromAmong("text", "json");
        _requestSize.RequireAtLeast(1);
        _concurrency.RequireAtLeast(1);
        _floats.RequireAtLeast(1);
        _duration.RequireSeconds();
        _warmUp.RequireSeconds();
        var command = new Command(
            "bench", Description) { _url, _on, _text, _inputs, _floats, _requestSize, _concurrency, _duration, _warmUp, _apiKey, _output };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        await using var client = _apiKey.Connect(result, result.GetRequiredValue(_url));
        var documents = new DocumentArray(
            await Task.WhenAll(
                Enumerable.Range(0, result.GetValue(_requestSize)).Select(index => DocumentAsync(result, index, cancellationToken))));
        var callers = result.GetValue(_concurrency);
        LoadRun New() => new(client, result.GetRequiredValue(_on), documents, new PostOptions());
        await New().RunAsync(callers, TimeSpan.FromSeconds(result.GetValue(_warmUp)), cancellationToken);
        var load = await New().RunAsync(callers, TimeSpan.FromSeconds(result.GetValue(_duration)), cancellationToken);
        LoadView.Write(load, result.GetValue(_output) == "json", Console.Out);
        return load.Failures == 0 && load.Milliseconds.Count > 0 ? 0 : CommandLine.Failed;
    }

    private async Task<Document> DocumentAsync(ParseResult result, int index, CancellationToken cancellationToken)
    {
        if (result.GetValue(_floats) is { } count)
        {
            return new Document
            {
                Embedding = NdArray.Wrap(Enumerable.Range(0, count).Select(at => MathF.Sin((index * count) + at)).ToArray(), count),
            };
        }

        return result.GetValue(_inputs) is { } pattern
            ? await InputFiles.Find([pattern], Directory.GetCurrentDirectory())
                .ReadAsync(null, cancellationToken)
                .FirstAsync(cancellationToken)
            : new Document { Text = result.GetRequiredValue(_text) };
    }
}
