namespace FlowKit;

/// <summary>Folders that only the user of this process can enter.</summary>
internal static class PrivateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// Returns the folder for what lives as long as a process: <c>$XDG_RUNTIME_DIR/flowkit</c>, or else <c>~/.local/state/flowkit</c> (on
    /// Windows in the local application data); <see langword="null"/> for a user without a folder.
    /// </summary>
    public static string? OfRunning()
    {
        if (OperatingSystem.IsWindows())
        {
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "FlowKit", "run");
        }

        // After sudo the variable may still name the folder of the user before.
        if (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime && IsPrivate(runtime))
        {
            return Path.Combine(runtime, "flowkit");
        }

        return Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home
            ? Path.Combine(home, ".local", "state", "flowkit")
            : null;
    }

    /// <summary>Makes a folder, and those above it that are not there; one that is there stays as it is.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static DirectoryInfo Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return Directory.CreateDirectory(path);
        }

        // .NET itself gives the mode to the last one only.
        if (Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))) is { } above && !Directory.Exists(above))
        {
            Create(above);
        }

        return Directory.CreateDirectory(path, OwnerOnly);
    }

    /// <summary>Makes a folder, or takes the one that is there when nobody else can have put anything into it.</summary>
    /// <returns>Whether it is there and private.</returns>
    public static bool TryCreate(string path)
    {
        try
        {
            Create(path);
            return IsPrivate(path);
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            return false;
        }
    }

    /// <summary>
    /// Tells whether a path is a folder of this process's user that nobody else may enter, and no link to one. On Windows every folder
    /// that is there counts, since those that are asked for lie in the user's profile.
    /// </summary>
    public static bool IsPrivate(string path) =>
        OperatingSystem.IsWindows() ? Directory.Exists(path) : UnixFile.StatusOf(path) is { IsPrivateFolder: true };

    /// <summary>
    /// Tells whether a path, its links followed, is a folder of this process's user in which not everybody may put something. On Windows
    /// every folder that is there counts.
    /// </summary>
    public static bool IsOwn(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return Directory.Exists(path);
        }

        try
        {
            var folder = new DirectoryInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
            return UnixFile.StatusOf(folder) is { IsOwnFolder: true };
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            return false;
        }
    }
}
