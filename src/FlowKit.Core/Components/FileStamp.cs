namespace FlowKit.Components;

/// <summary>Tells whether a file has changed, by its time and length.</summary>
internal static class FileStamp
{
    /// <summary>The file's time and length now; empty when it is not there.</summary>
    public static string Of(string file)
    {
        var info = new FileInfo(file);
        return info.Exists ? $"{info.LastWriteTimeUtc.Ticks} {info.Length}" : "";
    }
}
