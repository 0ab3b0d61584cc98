using System.Diagnostics;

namespace FlowKit.Tests;

/// <summary>Gives files to a user that nobody is.</summary>
internal static class ForeignOwner
{
    public static void Give(string path)
    {
        using var chown = Process.Start("chown", ["-R", "65534:65534", path]);
        chown.WaitForExit();
        Assert.Equal(0, chown.ExitCode);
    }
}
