namespace FlowKit.Specs.Running;

/// <summary>The processes of this machine.</summary>
internal static class ProcessTable
{
    /// <summary>A process's command line. Of one that has ended it is empty, also while nobody has asked how.</summary>
    public static string CommandOf(string process) => Read(process, "cmdline");

    /// <summary>A file of a process below <c>/proc</c>; empty where it has ended, or belongs to somebody else.</summary>
    public static string Read(string process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
