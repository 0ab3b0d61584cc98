using System.CommandLine;

namespace FlowKit.Cli.Commands;

/// <summary>The <c>--model</c> of every CLIP command.</summary>
internal static class ModelOption
{
    public static Option<string> Create() => new("--model")
    {
        Description = "A built-in model's name, the name of one that was pulled, or a model folder.",
        DefaultValueFactory = _ => "tiny-clip",
    };
}
