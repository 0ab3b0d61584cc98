using System.Security.Cryptography;
using System.Text;

namespace FlowKit.Sources;

/// <summary>
/// The place where what was compiled is kept between runs: <c>FLOWKIT_CACHE</c>, or else <c>~/.cache/flowkit</c> (on Windows the local
/// application data). Entries that nobody has used for 30 days are deleted.
/// </summary>
/// <param name="path">The folder; it is made when it is needed.</param>
/// <param name="time">Time.</param>
internal sealed class CacheFolder(string path, TimeProvider time)
{
    public const string Variable = "FLOWKIT_CACHE";

    private const int MaxTries = 6000;

    private static readonly TimeSpan s_keep = TimeSpan.FromDays(30);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The user's cache.</summary>
    public static CacheFolder Default { get; } = new(DefaultPath(), TimeProvider.System);

    /// <summary>The folder.</summary>
    public string Path => path;

    /// <summary>The entry of a kind that belongs to texts, marked as used; it may be empty or not there yet.</summary>
    /// <param name="kind">A folder for its like.</param>
    /// <param name="parts">What it depends on.</param>
    public string Entry(string kind, params IEnumerable<string> parts)
    {
        var entry = System.IO.Path.Combine(path, kind, KeyOf(parts));
        if (Directory.Exists(entry))
        {
            Directory.SetLastWriteTimeUtc(entry, time.GetUtcNow().UtcDateTime);
        }

        return entry;
    }

    /// <summary>Makes an entry whole or not at all, so that two programs may make it at once.</summary>
    /// <param name="entry">Its folder.</param>
    /// <param name="fill">Writes it into an empty folder.</param>
    /// <exception cref="IOException">It cannot be written; nothing is left of it.</exception>
    public void Fill(string entry, Action<string> fill)
    {
        var above = PrivateFolder.Create(System.IO.Path.GetDirectoryName(entry)!).FullName;
        Sweep(above);
        var making = PrivateFolder.Create(
            System.IO.Path.Combine(above, $"{System.IO.Path.GetFileName(entry)}.{Guid.NewGuid():N}")).FullName;
        try
        {
            fill(making);
            Directory.Move(making, entry);
        }
        catch (IOException) when (Directory.Exists(entry))
        {
            // Another program has made the same.
        }
        finally
        {
            UnfinishedFolder.Remove(making);
        }
    }

    /// <summary>A key for texts.</summary>
    public static string KeyOf(params IEnumerable<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))).AsSpan(0, 16));

    /// <summary>Holds an entry for one program at a time, until it is disposed. The file stays: deleting it would let two in.</summary>
    /// <param name="entry">Its folder.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static FileStream Lock(string entry, CancellationToken cancellationToken)
    {
        PrivateFolder.Create(System.IO.Path.GetDirectoryName(entry)!);
        using var never = new ManualResetEventSlim();
        for (var left = MaxTries; ; left--)
        {
            try
            {
                return new FileStream($"{entry}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException exception) when (left > 0 && FileFailure.IsLocked(exception))
            {
                never.Wait(s_pause, cancellationToken);
            }
        }
    }

    private void Sweep(string above)
    {
        foreach (
            var old in Directory.EnumerateDirectories(above).Where(
                folder => time.GetUtcNow().UtcDateTime - Directory.GetLastWriteTimeUtc(folder) > s_keep))
        {
            UnfinishedFolder.Remove(old);
        }
    }

    private static string DefaultPath()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } own)
        {
            return System.IO.Path.GetFullPath(own);
        }

        // Without a home that can be written, as in a container with a read-only root, nothing is kept: a folder of a name that others know
        // could hold others' code, and so could one that others made or can write.
        return OfUser() is { } cache && CanWrite(cache) && PrivateFolder.IsOwn(cache)
            ? cache
            : Directory.CreateTempSubdirectory("flowkit-cache-").FullName;
    }

    private static string? OfUser()
    {
        if (OperatingSystem.IsWindows())
        {
            return System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "FlowKit", "cache");
        }

        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } caches)
        {
            return System.IO.Path.Combine(caches, "flowkit");
        }

        if (Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home)
        {
            return System.IO.Path.Combine(home, ".cache", "flowkit");
        }

        return null;
    }

    private static bool CanWrite(string folder)
    {
        try
        {
            PrivateFolder.Create(folder);
            using var probe = new FileStream(
                System.IO.Path.Combine(folder, $"{Guid.NewGuid():N}.probe"),
                FileMode.CreateNew,
                FileAccess.Write,
                FileShare.None,
                1,
                FileOptions.DeleteOnClose);
            return true;
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            return false;
        }
    }
}
