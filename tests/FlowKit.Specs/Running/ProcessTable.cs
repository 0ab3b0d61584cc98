namespace FlowKit.Specs.Running;

/// <summary>The processes of this machine.</summary>
internal static class ProcessTable
{
    /// <summary>A process's command line. Of one that has ended it is empty, also while nobody has asked how.</summary>
    public static string CommandOf(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
