using System.Net.Sockets;
using System.Text;

namespace FlowKit.Orchestration.Launching;

/// <summary>
/// The paths of a worker's Unix sockets in a folder that only this user can enter, below another one of the user's own. Folders of
/// processes that were killed are taken away when the first one is made.
/// </summary>
internal sealed class WorkerSocket : IDisposable
{
    /// <summary>Begins the name of a folder; the process that made it follows.</summary>
    public const string Prefix = "w-";

    private const string GrpcName = "s";
    private const string IpcName = "l";
    private const int RandomDigits = 8;

    /// <summary>A path of a socket has at most 104 bytes with its end on macOS, and 108 on Linux.</summary>
    private const int MaxPathBytes = 103;

    private static readonly Lazy<string?> s_above = new(() => FindAbove(OwnAbove));
    private readonly string _folder;

    private WorkerSocket(string folder) => _folder = folder;

    /// <summary>
    /// The folder in which all folders for sockets lie, so that nobody else can have made one there; <see langword="null"/> for a user
    /// without a folder.
    /// </summary>
    public static string? OwnAbove => PrivateFolder.OfRunning() is { } running ? System.IO.Path.Combine(running, "run") : null;

    /// <summary>The path of the one for gRPC, short enough for every system.</summary>
    public string Path => System.IO.Path.Combine(_folder, GrpcName);

    /// <summary>The path of the one for calls.</summary>
    public string IpcPath => System.IO.Path.Combine(_folder, IpcName);

    public static WorkerSocket Create() => CreateIn(s_above.Value);

    public void Dispose() => Remove(_folder);

    /// <summary>
    /// Makes one below a folder of the user's own, or else, by a name that nobody can know, in the one for temporary files: the folder of
    /// a user who has logged out is gone.
    /// </summary>
    internal static WorkerSocket CreateIn(string? above)
    {
        if (above is not null && PrivateFolder.TryCreate(above) && NewIn(above) is var folder && PrivateFolder.TryCreate(folder))
        {
            return new WorkerSocket(folder);
        }

        return new WorkerSocket(Directory.CreateTempSubdirectory("flowkit-worker-").FullName);
    }

    /// <summary>Makes a folder fit to hold folders for sockets, and takes away what killed processes have left in it.</summary>
    /// <returns><see langword="null"/> where that is not possible.</returns>
    internal static string? FindAbove(string? folder)
    {
        if (folder is null
            || Encoding.UTF8.GetByteCount(System.IO.Path.Combine(NewIn(folder), GrpcName)) > MaxPathBytes
            || !PrivateFolder.TryCreate(folder))
        {
            return null;
        }

        Sweep(folder);
        return TakesSockets(folder) ? folder : null;
    }

    private static string NewIn(string above) =>
        System.IO.Path.Combine(above, $"{Prefix}{ProcessMark.Own.Text}-{Guid.NewGuid().ToString("N")[..RandomDigits]}");

    private static void Sweep(string above)
    {
        foreach (var folder in Directory.EnumerateDirectories(above, $"{Prefix}*"))
        {
            var name = System.IO.Path.GetFileName(folder)[Prefix.Length..];
            if (ProcessMark.TryParse(name[..Math.Max(name.LastIndexOf('-'), 0)]) is { IsAlive: false } && PrivateFolder.IsPrivate(folder))
            {
                Remove(folder);
            }
        }
    }

    /// <summary>Takes away what a worker can have left, by name: whatever else lies there keeps its folder.</summary>
    private static void Remove(string folder)
    {
        try
        {
            File.Delete(System.IO.Path.Combine(folder, GrpcName));
            File.Delete(System.IO.Path.Combine(folder, IpcName));
            Directory.Delete(folder);
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            // What cannot be removed now is found by the next who looks.
        }
    }

    /// <summary>A home on some network disks and shared folders of virtual machines takes no sockets.</summary>
    private static bool TakesSockets(string above)
    {
        using var tried = CreateIn(above);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Bind(new UnixDomainSocketEndPoint(tried.Path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
