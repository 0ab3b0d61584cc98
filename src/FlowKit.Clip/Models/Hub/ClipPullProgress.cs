namespace FlowKit.Clip.Models.Hub;

/// <summary>The progress of a file's download.</summary>
/// <param name="File">The file.</param>
/// <param name="Done">Bytes that are here.</param>
/// <param name="Total">Bytes it has; 0 where the hub does not say.</param>
public readonly record struct ClipPullProgress(string File, long Done, long Total);
