using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FlowKit.Bombs;

/// <summary>A flow in a process of its own that may take only so much memory.</summary>
internal sealed class FlowProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _folder;

    private FlowProcess(Process process, string folder, Uri address)
    {
        (_process, _folder) = (process, folder);
        Client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
    }

    public HttpClient Client { get; }

    /// <summary>Tells whether it has ended, killed by the system or by itself.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>The megabytes that are resident now.</summary>
    public long Resident => Read("VmRSS:");

    /// <summary>The most megabytes that were resident.</summary>
    public long MostResident => Read("VmHWM:");

    public static async Task<FlowProcess> StartAsync(string program, string executors, long limit, MemoryGroup group)
    {
        var folder = Directory.CreateTempSubdirectory("flowkit-bombs").FullName;
        var port = FreePort();
        var flow = Path.Combine(folder, "flow.yml");
        await File.WriteAllTextAsync(flow, $"jtype: Flow\nworkspace: work\ngateway: {{port: {port}}}\nexecutors:\n{executors}");
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add((group.IsThere ? $"echo $$ >'{group.Processes}'; " : "") + "exec dotnet \"$@\"");
        foreach (var argument in new[] { "flowkit", program, "run", flow })
        {
            start.ArgumentList.Add(argument);
        }

        if (!group.IsThere)
        {
            start.Environment["DOTNET_GCHeapHardLimit"] = limit.ToString("x", CultureInfo.InvariantCulture);
        }

        var started = new FlowProcess(Process.Start(start)!, folder, new Uri($"http://127.0.0.1:{port}"));
        started._process.OutputDataReceived += (_, _) => { };
        started._process.ErrorDataReceived += (_, _) => { };
        started._process.BeginOutputReadLine();
        started._process.BeginErrorReadLine();
        await started.WaitAsync();
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task WaitAsync()
    {
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < s_patience && !HasEnded)
        {
            try
            {
                using var response = await Client.GetAsync(new Uri("/ready", UriKind.Relative));
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }

            await Task.Delay(200);
        }

        throw new InvalidOperationException("The flow did not start.");
    }

    private long Read(string field)
    {
        try
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status").FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line[field.Length..^2], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) / 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
