using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Cli.Output;
using FlowKit.Cli.Running;
using FlowKit.Client;
using FlowKit.Wire;

namespace FlowKit.Cli.Commands;

/// <summary><c>flowkit post URL</c>: posts text or files to an endpoint.</summary>
internal sealed class PostCommand
{
    private const string Description = """
        Posts documents to a flow and prints its answers. Exit code 1 when a request or a document failed, or a file or a line could not be
        read; the others are posted all the same.

        Examples:
          flowkit post http://localhost:8080 --on /search --text "red apple" --limit 5
          flowkit post http://localhost:8080 --on /search --inputs cat.jpg --output json
          flowkit post http://localhost:8080 --on /index --inputs 'photos/**/*.jpg' --request-size 32
          flowkit post http://localhost:8080 --on /index --json-lines documents.jsonl
          grep -v '^#' captions.txt | flowkit post http://localhost:8080 --on /index --text-lines -
          flowkit post http://localhost:8080 --on /words --text "one two three" --stream
        """;

    private readonly Argument<string> _url = new("URL")
    {
        Description = "The flow's address, for example http://localhost:8080 or ws://localhost:8080.",
    };
    private readonly Option<string> _on = new("--on") { Description = "The endpoint.", DefaultValueFactory = _ => "/" };
    private readonly PostInputs _inputs = new();
    private readonly Option<int?> _limit = new("--limit") { Description = "How many matches: parameters.limit." };
    private readonly Option<string?> _parameters = new("--parameters") { Description = "Parameters as a JSON object." };
    private readonly Option<string?> _target = new("--target-executor") { Description = "A regular expression over executor names." };
    private readonly Option<int> _requestSize = new("--request-size")
    {
        Description = "Documents in one request.",
        DefaultValueFactory = _ => 100,
    };
    private readonly Option<int> _prefetch = new("--prefetch")
    {
        Description = "Requests under way at once.",
        DefaultValueFactory = _ => 4,
    };
    private readonly Option<bool> _unbound = new("--unbound")
    {
        Description = "Post also to an endpoint that no executor names, though one of nearly that name is there.",
    };
    private readonly Option<bool> _stream = new("--stream") { Description = "One request whose documents are printed as they come." };
    private readonly ApiKeyOption _apiKey = new();
    private readonly Option<string> _output = new("--output")
    {
        Description = "json, jsonl or table; table is the default on a terminal, jsonl elsewhere.",
        DefaultValueFactory = _ => Console.IsOutputRedirected ? "jsonl" : "table",
    };

    public static Command Create() => new PostCommand().Build();

    private Command Build()
    {
        _output.AcceptOnlyFromAmong("json", "jsonl", "table");
        _requestSize.RequireAtLeast(1);
        _prefetch.RequireAtLeast(1);
        var command = new Command(
            "post",
            Description)
        {
            _url, _on, _inputs.Text, _inputs.Files, _inputs.TextLines, _inputs.JsonLines, _limit, _parameters, _target, _unbound,
            _requestSize, _prefetch, _stream, _apiKey, _output,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(_parameters) is { } json && !IsObject(json))
            {
                result.AddError("--parameters: expected a JSON object.");
            }
        });
        command.Validators.Add(_inputs.Validate);
        command.SetAction(PostAsync);
        return command;
    }

    private async Task<int> PostAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var files = _inputs.Find(result);
        var total = result.GetRequiredValue(_inputs.Text).Length + (files?.Paths.Count ?? 0);
        var expected = result.GetValue(_stream) || _inputs.AreLines(result) ? 0 : total;
        using var signals = new StopSignals(cancellationToken);
        using var client = _apiKey.Connect(result, result.GetRequiredValue(_url));
        if (!result.GetValue(_unbound) && await MeantAsync(client, result.GetRequiredValue(_on), signals.Token) is { } meant)
        {
            Report.Error(
                $"No executor of this flow names '{result.GetValue(_on)}'; did you mean '{meant}'? "
                    + "With --unbound it is posted all the same.");
            return CommandLine.Failed;
        }

        var summary = new PostSummary(expected);
        var printer = ReplyPrinter.Create(result.GetRequiredValue(_output), Console.Out);
        try
        {
            await ProgressLine.RunAsync($"Posting to {result.GetValue(_on)}", async report =>
            {
                report(0, expected);
                var documents = _inputs.ReadAsync(result, files, summary.AddUnreadable, signals.Token);
                await foreach (var reply in RepliesAsync(client, result, documents, total, signals.Token))
                {
                    summary.Add(reply.Documents.Count, printer.Add(reply));
                    report(summary.Answered, Math.Max(summary.Answered, expected));
                }

                return summary.Failed;
            });
        }
        catch (Exception exception) when (exception is OperationCanceledException or FlowKitException)
        {
            printer.Finish();
            summary.Show(isWhole: false);
            if (exception is OperationCanceledException && signals.Requested.IsCompleted)
            {
                return CommandLine.Interrupted;
            }

            throw;
        }

        printer.Finish();
        summary.Show(isWhole: true);
        return summary.Failed == 0 ? 0 : CommandLine.Failed;
    }

    /// <summary>
    /// An executor's default method answers a misspelled endpoint too: with another result than was asked for, and without a word.
    /// </summary>
    private static async Task<string?> MeantAsync(FlowClient client, string endpoint, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetEndpointsAsync(cancellationToken) is { } known && !known.Contains(endpoint)
                ? NearestName.Find(endpoint, known.Where(name => name != RequestsAttribute.Default))
                : null;
        }
        catch (FlowKitException)
        {
            // A flow that does not tell, such as an older gateway of Jina's, is posted to as it is; so is one that does not answer.
            return null;
        }
    }

    /// <summary>A post without any input still is a request: an empty document list, as <c>/status</c> takes it.</summary>
    private IAsyncEnumerable<DataRequest> RepliesAsync(
        FlowClient client, ParseResult result, IAsyncEnumerable<Document> documents, int total, CancellationToken cancellationToken)
    {
        var (endpoint, options) = (result.GetRequiredValue(_on), ReadOptions(result));
        if (result.GetValue(_stream))
        {
            return StreamAsync();
        }

        return total > 0 || _inputs.AreLines(result) ? client.PostAsync(endpoint, documents, options, cancellationToken) : EmptyAsync();

        async IAsyncEnumerable<DataRequest> EmptyAsync()
        {
            yield return await client.PostAsync(endpoint, [], options, cancellationToken);
        }

        async IAsyncEnumerable<DataRequest> StreamAsync()
        {
            var all = new DocumentArray(await documents.ToListAsync(cancellationToken));
            await foreach (var document in client.StreamAsync(endpoint, all, options, cancellationToken))
            {
                yield return new DataRequest { Documents = [document] };
            }
        }
    }

    private PostOptions ReadOptions(ParseResult result)
    {
        var parameters = result.GetValue(_parameters) is { } json ? (JsonObject)JsonNode.Parse(json)! : [];
        if (result.GetValue(_limit) is { } limit)
        {
            parameters["limit"] = limit;
        }

        return new PostOptions
        {
            Parameters = new Parameters(parameters),
            TargetExecutor = result.GetValue(_target) ?? "",
            RequestSize = result.GetValue(_requestSize),
            Prefetch = result.GetValue(_prefetch),
        };
    }

    private static bool IsObject(string json)
    {
        try
        {
            return JsonNode.Parse(json) is JsonObject;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
