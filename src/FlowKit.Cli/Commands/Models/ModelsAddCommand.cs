using System.CommandLine;
using FlowKit.Clip.Models;

namespace FlowKit.Cli.Commands.Models;

/// <summary><c>flowkit models add FOLDER</c>.</summary>
internal static class ModelsAddCommand
{
    private const string Description = """
        Makes an exported model known by name: writes model.json into its folder (checksums, and a self-test of what it
        answers now), and links it.

        Examples:
          flowkit models add ./my-export --name my-clip
          flowkit models add ./vit-h-export --model ViT-H-14::laion2b-s32b-b79k
        """;

    public static Command Create()
    {
        var folder = new Argument<string>("FOLDER") { Description = "The folder with its ONNX files and vocabulary." };
        var name = new Option<string?>("--name") { Description = "What to call it; by default the folder's name." };
        var model = new Option<string?>("--model") { Description = "Which model of the registry it is." };
        var to = new Option<string?>("--to") { Description = $"The folder for models; also {ClipModelStore.Variable}." };
        var command = new Command("add", Description) { folder, name, model, to };
        command.SetAction(result =>
        {
            var store = result.GetValue(to) is { } root ? new ClipModelStore(root) : ClipModelStore.Default;
            Console.Out.WriteLine(
                ClipModelAdder.Add(result.GetRequiredValue(folder), result.GetValue(name), result.GetValue(model), store));
            return 0;
        });
        return command;
    }
}
