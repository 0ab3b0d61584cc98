namespace FlowKit;

/// <summary>Removes folders that nobody needs any more: what was begun and not finished, or what another process has left.</summary>
public static class UnfinishedFolder
{
    /// <summary>
    /// Removes a folder with all in it. One that is not there, is in use or is another user's is left as it is: its name is none that
    /// anybody takes for something whole. No link is followed, also none that somebody puts there meanwhile.
    /// </summary>
    /// <param name="path">The folder.</param>
    public static void Remove(string path)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                UnixFolder.Remove(path);
            }
            else if (new DirectoryInfo(path) is { Exists: true, LinkTarget: null })
            {
                Directory.Delete(path, recursive: true);
            }
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            // What cannot be removed now is found by the next who looks.
        }
    }
}
