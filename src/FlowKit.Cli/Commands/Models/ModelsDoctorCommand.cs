using System.CommandLine;
using FlowKit.Clip.Models.Diagnostics;

namespace FlowKit.Cli.Commands.Models;

/// <summary><c>flowkit models doctor NAME</c>.</summary>
internal static class ModelsDoctorCommand
{
    private const string Description = """
        Looks a model over: files, swapped towers, self-test, activation, batches, padding, colours, scale.
        Exit code 1 when something is wrong.

        Examples:
          flowkit models doctor
          flowkit models doctor ./my-export --variant int8
        """;

    public static Command Create()
    {
        var model = new Argument<string>("MODEL") { Description = "A name or a folder.", DefaultValueFactory = _ => "tiny-clip" };
        var variant = new Option<string?>("--variant") { Description = "The precision to look at." };
        var command = new Command("doctor", Description) { model, variant };
        command.SetAction(result => FindingTable.Print(ModelDiagnostics.Run(result.GetRequiredValue(model), result.GetValue(variant))));
        return command;
    }
}
