namespace FlowKit;

/// <summary>
/// The file in which a gateway leaves the token of its start, for programs of the same user: in <c>$XDG_RUNTIME_DIR/flowkit</c>, or else
/// in <c>~/.local/state/flowkit</c> (on Windows in the local application data), by the port.
/// </summary>
internal static class AdminTokenFile
{
    /// <summary>Returns the place for a port; <see langword="null"/> for a user without a folder.</summary>
    public static string? PathOf(int port) =>
        Folder() is { } folder
            ? Path.Combine(folder, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"admin-{port}"))
            : null;

    /// <summary>Writes a token so that nobody else can read it.</summary>
    /// <returns>Whether it could be written.</returns>
    public static bool TryWrite(string path, string token)
    {
        try
        {
            MakeFolder(Path.GetDirectoryName(path)!);
            File.Delete(path);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var file = new StreamWriter(new FileStream(path, options));
            file.Write(token);
            return true;
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            return false;
        }
    }

    /// <summary>Reads the token of the gateway that listens on a port of this machine; <see langword="null"/> when there is none.</summary>
    public static string? Read(int port)
    {
        try
        {
            return PathOf(port) is { } path && File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            return null;
        }
    }

    /// <summary>Deletes a file that still holds a token.</summary>
    public static void Remove(string path, string token)
    {
        try
        {
            if (File.Exists(path) && File.ReadAllText(path) == token)
            {
                File.Delete(path);
            }
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            // A token of a gateway that has ended opens nothing.
        }
    }

    private static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static string? Folder()
    {
        if (OperatingSystem.IsWindows())
        {
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "FlowKit", "run");
        }

        if (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime && Directory.Exists(runtime))
        {
            return Path.Combine(runtime, "flowkit");
        }

        return Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home
            ? Path.Combine(home, ".local", "state", "flowkit")
            : null;
    }
}
