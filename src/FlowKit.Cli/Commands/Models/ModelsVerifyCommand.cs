using System.CommandLine;
using FlowKit.Clip;
using FlowKit.Clip.Models.Diagnostics;

namespace FlowKit.Cli.Commands.Models;

/// <summary><c>flowkit models verify NAME</c>.</summary>
internal static class ModelsVerifyCommand
{
    private const string Description = """
        Compares a model's files with the SHA-256 in its card. Exit code 1 when one differs or is missing.

        Example:
          flowkit models verify ViT-B/32
        """;

    public static Command Create()
    {
        var model = new Argument<string>("MODEL") { Description = "A name or a folder.", DefaultValueFactory = _ => "tiny-clip" };
        var command = new Command("verify", Description) { model };
        command.SetAction(result => FindingTable.Print(ModelChecksums.Check(ClipModelFolder.Open(result.GetRequiredValue(model)))));
        return command;
    }
}
