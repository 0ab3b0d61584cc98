namespace FlowKit.Orchestration.Launching;

/// <summary>
/// The paths of a worker's Unix sockets in a folder that only this user can enter. Folders of processes that were killed are taken away
/// when the first one is made.
/// </summary>
internal sealed class WorkerSocket : IDisposable
{
    private const string Prefix = "flowkit-worker-";

    private static int s_swept;
    private readonly string _folder;

    private WorkerSocket(string folder) => _folder = folder;

    /// <summary>The path of the one for gRPC, short enough for every system.</summary>
    public string Path => System.IO.Path.Combine(_folder, "s");

    /// <summary>The path of the one for calls.</summary>
    public string IpcPath => System.IO.Path.Combine(_folder, "l");

    public static WorkerSocket Create()
    {
        if (Interlocked.Exchange(ref s_swept, 1) == 0)
        {
            Sweep();
        }

        return new WorkerSocket(Directory.CreateTempSubdirectory($"{Prefix}{ProcessMark.Own.Text}-").FullName);
    }

    public void Dispose() => UnfinishedFolder.Remove(_folder);

    private static void Sweep()
    {
        foreach (var folder in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), $"{Prefix}*"))
        {
            var name = System.IO.Path.GetFileName(folder)[Prefix.Length..];
            if (ProcessMark.TryParse(name[..Math.Max(name.LastIndexOf('-'), 0)]) is { IsAlive: false })
            {
                UnfinishedFolder.Remove(folder);
            }
        }
    }
}
