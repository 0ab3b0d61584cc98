using System.Diagnostics;
using System.Globalization;

namespace FlowKit.Soak;

/// <summary><c>flowkit run</c> as a process of its own, whose memory and workers can be looked at.</summary>
internal sealed class RunningFlow : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Queue<string> _lines = [];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RunningFlow(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The last lines that it wrote.</summary>
    public string LastLines
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    public bool HasEnded => _process.HasExited;

    public static async Task<RunningFlow> StartAsync(string program, FlowFiles files)
    {
        var start = new ProcessStartInfo("dotnet", [program, "run", files.Path, "--workspace", files.Workspace])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NO_COLOR"] = "1";

        // On a machine with much memory the collector lets the heap grow, which looks like a leak; below a limit only a leak grows.
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x10000000";
        var flow = new RunningFlow(Process.Start(start)!);
        await flow._ready.Task.WaitAsync(TimeSpan.FromMinutes(5));
        return flow;
    }

    /// <summary>The memory of the gateway, and of its workers together, in bytes.</summary>
    public (long Gateway, long Workers) Memory() => (ResidentOf(_process.Id), Workers().Sum(ResidentOf));

    /// <summary>The processes of executors.</summary>
    public IReadOnlyList<int> Workers() =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Select(name => int.TryParse(name, out var id) ? id : 0)
            .Where(id => id > 0 && ParentOf(id) == _process.Id && CommandOf(id).Contains("dotnet", StringComparison.Ordinal)),
    ];

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var signal = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        }

        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            _ready.TrySetException(new InvalidOperationException($"The flow did not start:\n{LastLines}"));
            return;
        }

        lock (_lines)
        {
            _lines.Enqueue(line);
            while (_lines.Count > 60)
            {
                _lines.Dequeue();
            }
        }

        if (line.Contains(" is ready to serve at ", StringComparison.Ordinal))
        {
            _ready.TrySetResult();
        }
    }

    private static long ResidentOf(int id)
    {
        var line = Lines($"/proc/{id}/status").FirstOrDefault(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
    }

    private static int ParentOf(int id)
    {
        var line = Lines($"/proc/{id}/status").FirstOrDefault(line => line.StartsWith("PPid:", StringComparison.Ordinal));
        return line is null ? 0 : int.Parse(line.AsSpan(5), CultureInfo.InvariantCulture);
    }

    private static string CommandOf(int id) => string.Join(' ', Lines($"/proc/{id}/cmdline")).Replace('\0', ' ');

    /// <summary>A process may end while it is looked at.</summary>
    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (IOException)
        {
            return [];
        }
    }
}
