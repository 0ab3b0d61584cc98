using FlowKit.Clip.Models.Diagnostics;

namespace FlowKit.Cli.Commands.Models;

/// <summary>Prints what an examination found, a line each.</summary>
internal static class FindingTable
{
    /// <summary>Prints the findings.</summary>
    /// <returns>The exit code: 1 when something is wrong.</returns>
    public static int Print(IReadOnlyList<ClipFinding> findings)
    {
        foreach (var finding in findings)
        {
            Console.Out.WriteLine($"{Word(finding.State),-6} {finding.Check}: {finding.Message}");
        }

        return findings.Any(static finding => finding.State == ClipFindingState.Wrong) ? CommandLine.Failed : 0;
    }

    private static string Word(ClipFindingState state) => state switch
    {
        ClipFindingState.Ok => "ok",
        ClipFindingState.Unsure => "unsure",
        _ => "wrong",
    };
}
