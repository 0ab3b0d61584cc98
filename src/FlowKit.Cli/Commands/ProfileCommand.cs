using System.CommandLine;
using FlowKit.Cli.Output;
using FlowKit.Client;
using FlowKit.Hosting.Inputs;

namespace FlowKit.Cli.Commands;

/// <summary><c>flowkit profile URL</c>: where the time of a round trip goes.</summary>
internal sealed class ProfileCommand
{
    private const string Description = """
        Posts one document several times and prints where the time of the median round trip went: network, gateway, each executor.

        Examples:
          flowkit profile http://localhost:8080 --text "a photo of a cat"
          flowkit profile grpc://localhost:51000 --on /search --inputs cat.jpg --repeat 50 --output json
        """;

    private readonly Argument<string> _url = new("URL")
    {
        Description = "The flow's address, for example http://localhost:8080, grpc://localhost:51000 or ws://localhost:8080.",
    };
    private readonly Option<string> _on = new("--on") { Description = "The endpoint.", DefaultValueFactory = _ => "/" };
    private readonly Option<string?> _text = new("--text")
    {
        Description = "The document's text; without it and without a file the document is empty.",
    };
    private readonly Option<string?> _inputs = new("--inputs")
    {
        Description = "A file whose bytes are the document's blob, instead of a text.",
    };
    private readonly Option<int> _repeat = new("--repeat")
    {
        Description = "How many round trips, one after another; one before them, which opens the connection, is not counted.",
        DefaultValueFactory = _ => 10,
    };
    private readonly ApiKeyOption _apiKey = new();
    private readonly Option<string> _output = new("--output") { Description = "text or json.", DefaultValueFactory = _ => "text" };

    public static Command Create() => new ProfileCommand().Build();

    private Command Build()
    {
        _output.AcceptOnlyFromAmong("text", "json");
        _repeat.RequireAtLeast(1);
        var command = new Command("profile", Description) { _url, _on, _text, _inputs, _repeat, _apiKey, _output };
        command.Validators.Add(result =>
        {
            if (result.GetValue(_text) is not null && result.GetValue(_inputs) is not null)
            {
                result.AddError("--text and --inputs: one of them.");
            }
        });
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        await using var client = _apiKey.Connect(result, result.GetRequiredValue(_url));
        var (endpoint, document) = (result.GetRequiredValue(_on), await DocumentAsync(result, cancellationToken));
        await client.ProfileAsync(endpoint, [document], cancellationToken);
        var profiles = new List<FlowProfile>();
        for (var i = 0; i < result.GetValue(_repeat); i++)
        {
            profiles.Add(await client.ProfileAsync(endpoint, [document], cancellationToken));
        }

        ProfileView.Write(
            profiles.OrderBy(profile => profile.Total).ElementAt(profiles.Count / 2),
            profiles.Count,
            result.GetValue(_output) == "json",
            Console.Out);
        return 0;
    }

    private async Task<Document> DocumentAsync(ParseResult result, CancellationToken cancellationToken) =>
        result.GetValue(_inputs) is { } file
        ? await InputFiles.Find([file], Directory.GetCurrentDirectory()).ReadAsync(null, cancellationToken).FirstAsync(cancellationToken)
        : new Document { Text = result.GetValue(_text) };
}
