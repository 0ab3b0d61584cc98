namespace FlowKit.Orchestration.Images;

/// <summary>
/// Copies an executor's folder to where an image is built from it, without what a build has left there, what its ignore file names,
/// secrets, and links that lead out of it. Links inside it stay links, so that none is followed.
/// </summary>
internal sealed class ContextCopy
{
    private const string Dockerfile = "Dockerfile";

    private static readonly string[] s_notForImages = ["bin", "obj", ".git", ".flowkit"];

    private readonly string _root;
    private readonly IgnoreFile _ignored;
    private readonly ImageSecrets _secrets;
    private readonly List<string> _leftOut = [];

    private ContextCopy(string root)
    {
        _root = root;
        _ignored = IgnoreFile.Of(root);
        _secrets = ImageSecrets.Of(root);
    }

    /// <summary>Copies a folder.</summary>
    /// <param name="from">The folder.</param>
    /// <param name="to">The folder that it becomes.</param>
    /// <returns>What was left out and is not named by the ignore file, each with the reason.</returns>
    public static IReadOnlyList<string> Copy(string from, string to)
    {
        var copy = new ContextCopy(Path.TrimEndingDirectorySeparator(Path.GetFullPath(from)));
        copy.CopyFolder(copy._root, to);
        return copy._leftOut;
    }

    private void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var entry in new DirectoryInfo(from).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            var target = Path.Combine(to, entry.Name);
            if (entry.LinkTarget is { } link)
            {
                CopyLink(entry, link, target);
            }
            else if (entry is DirectoryInfo)
            {
                CopyInner(entry, target);
            }
            else if (!IsLeftOut(entry))
            {
                CopyFile(entry, target);
            }
        }
    }

    /// <summary>A folder that is ignored may hold what is not, and is made only for that.</summary>
    private void CopyInner(FileSystemInfo folder, string target)
    {
        if (s_notForImages.Contains(folder.Name))
        {
            return;
        }

        CopyFolder(folder.FullName, target);
        if (IsLeftOut(folder) && !Directory.EnumerateFileSystemEntries(target).Any())
        {
            Directory.Delete(target);
        }
    }

    private void CopyFile(FileSystemInfo file, string target)
    {
        if (ReasonAgainst(file) is { } reason)
        {
            Tell(file, reason);
        }
        else
        {
            File.Copy(file.FullName, target);
        }
    }

    private void CopyLink(FileSystemInfo link, string leadsTo, string target)
    {
        var folder = Path.GetDirectoryName(link.FullName)!;
        var end = Path.GetFullPath(leadsTo, folder);
        if (IsLeftOut(link))
        {
            return;
        }

        if (end != _root && !end.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            Tell(link, "it is a link that leads out of the folder");
        }
        else
        {
            File.CreateSymbolicLink(target, Path.GetRelativePath(folder, end));
        }
    }

    private string? ReasonAgainst(FileSystemInfo file) =>
        UnixFile.KindOf(file.FullName) is { } kind ? $"it is {kind}" : _secrets.ReasonFor(file.FullName);

    /// <summary>
    /// The engine needs the Dockerfile, also where an ignore file keeps it out of the image; the ignore file has done its work.
    /// </summary>
    private bool IsLeftOut(FileSystemInfo entry)
    {
        var path = PathOf(entry);
        return path != Dockerfile && (path == _ignored.Name || _ignored.LeavesOut(path));
    }

    private void Tell(FileSystemInfo entry, string reason) => _leftOut.Add($"'{PathOf(entry)}' is left out of the image: {reason}");

    private string PathOf(FileSystemInfo entry) =>
        Path.GetRelativePath(_root, entry.FullName).Replace(Path.DirectorySeparatorChar, '/');
}
