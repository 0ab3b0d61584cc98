using System.CommandLine;

namespace FlowKit.Cli.Commands;

/// <summary><c>flowkit clip</c>: CLIP without a flow.</summary>
internal static class ClipCommand
{
    public static Command Create() => new("clip", "CLIP without a flow: tokenize, preprocess, embed, compare.")
    {
        ClipTokenizeCommand.Create(),
        ClipPreprocessCommand.Create(),
        ClipEmbedCommand.Create(),
        ClipCompareCommand.Create(),
    };
}
