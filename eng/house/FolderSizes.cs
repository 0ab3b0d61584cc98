namespace FlowKit.House;

/// <summary>At most 25 files in a folder.</summary>
internal sealed class FolderSizes : IMeasure
{
    private const int Max = 25;

    public string Name => "files a folder";

    public Measurement Take(IReadOnlyList<SourceFile> files)
    {
        var folders = files.GroupBy(file => file.Path[..file.Path.LastIndexOf('/')]).Select(folder => (folder.Key, Count: folder.Count())).ToList();
        return new Measurement(
            $"largest {folders.Max(folder => folder.Count)} (at most {Max})",
            [.. folders.Where(folder => folder.Count > Max).Select(folder => $"{folder.Key}: {folder.Count} files")]);
    }
}
