using System.CommandLine;
using FlowKit.Clip.Models;
using FlowKit.Clip.Models.Hub;

namespace FlowKit.Cli.Commands.Models;

/// <summary><c>flowkit models pull NAME</c>.</summary>
internal static class ModelsPullCommand
{
    private const string Description = """
        Brings a model from a hub, by https; what was cut off goes on where it stopped, and every file's SHA-256 is checked.
        The folder's model.json keeps the commit and all SHA-256: a later pull takes that commit again, and a copy of the card
        has somebody else pull the very same files.

        Examples:
          flowkit models pull ViT-B/32
          flowkit models pull openai/clip-vit-base-patch32 --variant int8
          flowkit models pull my-clip --repo me/my-clip-onnx --layout plain --hub https://hub.local
          flowkit models pull ViT-B/32 --card model.json
        """;

    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "A name of `flowkit models list`, or with --repo any name." };
        var hub = new Option<string>("--hub")
        {
            Description = $"The hub's base address, in Hugging Face's manner; also {ClipModelPuller.Variable}.",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable(ClipModelPuller.Variable) is { Length: > 0 } given
                ? given
                : "https://huggingface.co",
        };
        hub.Validators.Add(result =>
        {
            if (!IsAddress(result.GetValueOrDefault<string>()))
            {
                result.AddError($"--hub: '{result.GetValueOrDefault<string>()}' is not an http or https address.");
            }
        });
        var variant = new Option<string?>("--variant") { Description = "fp32 (the default), fp16, int8, uint8, q4, q4f16 or bnb4." };
        var repo = new Option<string?>("--repo") { Description = "Another repository than the registry's, owner/name." };
        var layout = new Option<string>("--layout")
        {
            Description = "How that repository is laid out: transformers, immich or plain.",
            DefaultValueFactory = _ => "transformers",
        };
        var revision = new Option<string?>("--revision")
        {
            Description = "A branch, tag or commit; without it the commit that was pulled before, or else the newest of main.",
        };
        var card = new Option<string?>("--card")
        {
            Description = "A model.json that pins repository, commit and SHA-256; nothing else is taken.",
        };
        var to = new Option<string?>("--to")
        {
            Description = $"The folder for models; also {ClipModelStore.Variable}; .flowkit/models at home by default.",
        };
        var command = new Command("pull", Description) { name, hub, variant, repo, layout, revision, card, to };
        command.Validators.Add(result =>
        {
            if (result.GetValue(card) is not null && (result.GetValue(repo) ?? result.GetValue(revision)) is not null)
            {
                result.AddError("--card says the repository and the revision; leave --repo and --revision out.");
            }
        });
        command.SetAction(async (result, cancellationToken) =>
        {
            var model = result.GetRequiredValue(name);
            var source = SourceOf(
                model, result.GetValue(card), result.GetValue(repo), result.GetRequiredValue(layout), result.GetValue(revision));
            var store = result.GetValue(to) is { } folder ? new ClipModelStore(folder) : ClipModelStore.Default;
            using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
            var puller = new ClipModelPuller(http, new Uri(result.GetRequiredValue(hub)), store, TimeProvider.System);
            var path = await PullProgress.RunAsync(
                report => puller.PullAsync(model, result.GetValue(variant), source, report, cancellationToken));
            await Console.Out.WriteLineAsync(path);
            return 0;
        });
        return command;
    }

    private static bool IsAddress(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";

    private static ClipHubSource? SourceOf(string model, string? card, string? repo, string layout, string? revision)
    {
        if (card is not null)
        {
            return ClipHubSource.FromCard(card);
        }

        return repo is not null
            ? new ClipHubSource(repo, layout, revision)
            : ClipRegistry.Find(model)?.Hub is { } known && revision is not null ? known with { Revision = revision } : null;
    }
}
