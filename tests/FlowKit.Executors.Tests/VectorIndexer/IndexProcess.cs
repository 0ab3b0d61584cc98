using System.Diagnostics;
using FlowKit.DummyExecutor;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary>A second process that has an index open and writes to it.</summary>
internal sealed class IndexProcess : IDisposable
{
    private readonly Process _process;

    private IndexProcess(Process process) => _process = process;

    public static IndexProcess Start(string folder, int first, int count, int memmapThreshold = int.MaxValue)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(KnownDocument).Assembly.Location, folder, $"{first}", $"{count}", $"{memmapThreshold}"]) { RedirectStandardOutput = true, RedirectStandardInput = true };
        return new IndexProcess(Process.Start(start)!);
    }

    /// <summary>The next line it prints; <see langword="null"/> at its end.</summary>
    public Task<string?> ReadAsync() => _process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>SIGKILL: it cannot finish anything.</summary>
    public void Kill() => _process.Kill();

    public Task EndAsync() => _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
