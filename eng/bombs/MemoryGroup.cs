using System.Globalization;

namespace FlowKit.Bombs;

/// <summary>A control group that bounds memory, where this user may make one.</summary>
internal sealed class MemoryGroup : IDisposable
{
    private readonly string? _folder;

    public MemoryGroup(long bytes)
    {
        foreach (var (root, limit) in new[] { ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max") })
        {
            var folder = Path.Combine(root, $"flowkit-bombs-{Environment.ProcessId}");
            try
            {
                if (Directory.Exists(root) && File.Exists(Path.Combine(Directory.CreateDirectory(folder).FullName, limit)))
                {
                    File.WriteAllText(Path.Combine(folder, limit), bytes.ToString(CultureInfo.InvariantCulture));
                    _folder = folder;
                    return;
                }

                Directory.Delete(folder);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The other kind, or none.
            }
        }
    }

    /// <summary>Tells whether there is one.</summary>
    public bool IsThere => _folder is not null;

    /// <summary>The file that takes the ids of processes.</summary>
    public string Processes => Path.Combine(_folder!, "cgroup.procs");

    public void Dispose()
    {
        if (_folder is not null)
        {
            Directory.Delete(_folder);
        }
    }
}
