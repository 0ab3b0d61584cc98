using System.CommandLine;
using System.Text.Json;
using FlowKit.Clip;

namespace FlowKit.Cli.Commands;

/// <summary><c>flowkit clip embed</c>.</summary>
internal static class ClipEmbedCommand
{
    private const string Description = """
        Prints the embedding of a text or an image as a JSON array.

        Examples:
          flowkit clip embed --text "a red apple"
          flowkit clip embed --image apple.jpg --model ./vit-b-32
        """;

    public static Command Create()
    {
        var text = new Option<string?>("--text") { Description = "The text." };
        var image = new Option<string?>("--image") { Description = "The image file." };
        var model = ModelOption.Create();
        var command = new Command("embed", Description) { text, image, model };
        command.Validators.Add(result =>
        {
            if (result.GetValue(text) is null == result.GetValue(image) is null)
            {
                result.AddError("Give either --text or --image.");
            }
        });
        command.SetAction(async (result, cancellationToken) =>
        {
            var words = result.GetValue(text);
            using var clip = ClipModel.Open(
                result.GetRequiredValue(model), new ClipModelOptions { Load = words is null ? ClipTowers.Image : ClipTowers.Text });
            var embeddings = words is null
                ? clip.EncodeImages(
                    [(ReadOnlyMemory<byte>)await RegularFile.ReadAsync(result.GetRequiredValue(image)!, cancellationToken)],
                    cancellation: cancellationToken)
                : clip.EncodeTexts([words], cancellationToken);
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(embeddings[0]).AsMemory(), cancellationToken);
            return 0;
        });
        return command;
    }
}
