using System.CommandLine;

namespace FlowKit.Cli.Commands.Models;

/// <summary><c>flowkit models</c>: the models there are.</summary>
internal static class ModelsCommand
{
    public static Command Create() => new("models", "CLIP models: list, pull, verify, add, doctor.")
    {
        ModelsListCommand.Create(),
        ModelsPullCommand.Create(),
        ModelsVerifyCommand.Create(),
        ModelsAddCommand.Create(),
        ModelsDoctorCommand.Create(),
    };
}
