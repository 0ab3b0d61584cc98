using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace FlowKit.Orchestration.Devices;

/// <summary>Looks for the GPUs of this machine: <c>nvidia-smi</c>, or else the number in <c>CUDA_TOTAL_DEVICES</c>, or else none.</summary>
internal static class GpuProbe
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    /// <summary>Looks for them.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public static Task<GpuInventory> ReadAsync(CancellationToken cancellationToken) =>
        ReadAsync(RunAsync, Environment.GetEnvironmentVariable, cancellationToken);

    /// <summary>Looks for them with other means.</summary>
    /// <param name="run">
    /// Runs <c>nvidia-smi</c> with arguments and gives what it prints; <see langword="null"/> when it is not there or fails.
    /// </param>
    /// <param name="environment">Reads a variable.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<GpuInventory> ReadAsync(
        Func<string[], CancellationToken, Task<string?>> run, Func<string, string?> environment, CancellationToken cancellationToken)
    {
        if (await run(["-L"], cancellationToken).ConfigureAwait(false) is { } list)
        {
            var memory = await run(
                ["--query-gpu=uuid,memory.total", "--format=csv,noheader,nounits"], cancellationToken).ConfigureAwait(false);
            return GpuInventory.Parse(list, memory ?? "");
        }

        return int.TryParse(environment("CUDA_TOTAL_DEVICES"), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? GpuInventory.OfCount(count)
            : GpuInventory.None;
    }

    /// <summary>Runs <c>nvidia-smi</c> and gives what it prints; <see langword="null"/> when it is not there or fails.</summary>
    internal static async Task<string?> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        var start = new ProcessStartInfo("nvidia-smi", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token).ConfigureAwait(false);
            await errors.ConfigureAwait(false);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            return process.ExitCode == 0 ? output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
        catch (OperationCanceledException)
        {
            // A driver that hangs must not hang the start.
            process.Kill();
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }
}
