using System.Diagnostics;
using System.Text;

namespace FlowKit.Specs.Running;

/// <summary>The command line on a terminal of 160 columns, which <c>script</c> makes.</summary>
internal sealed class Terminal : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(4);

    private readonly Process _process;
    private readonly StringBuilder _seen = new();

    private Terminal(Process process) => _process = process;

    /// <summary>All that was shown so far.</summary>
    public string Seen => _seen.ToString();

    /// <summary>Starts a command.</summary>
    public static Terminal Start(string command, IReadOnlyDictionary<string, string>? environment = null)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "flowkit.dll");
        var start = new ProcessStartInfo("script", ["-qefc", $"stty cols 160 rows 50; exec env --default-signal=INT dotnet {program} {command}", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Repository.Root,
        };
        (start.Environment["TERM"], start.Environment["NO_COLOR"]) = ("xterm", "1");
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value.Length > 0 ? value : null;
        }

        return new Terminal(Process.Start(start)!);
    }

    /// <summary>Runs a command to its end.</summary>
    /// <returns>What was shown.</returns>
    public static async Task<string> SeeAsync(string command, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var terminal = Start(command, environment);
        return await terminal.EndAsync();
    }

    /// <summary>Reads on until something is shown.</summary>
    public async Task UntilAsync(string text)
    {
        var buffer = new char[4096];
        while (!Seen.Contains(text, StringComparison.Ordinal))
        {
            var read = await _process.StandardOutput.ReadAsync(buffer).AsTask().WaitAsync(s_limit);
            Assert.True(read > 0, Seen);
            _seen.Append(buffer, 0, read);
        }
    }

    /// <summary>Presses Ctrl-C.</summary>
    public async Task InterruptAsync()
    {
        await _process.StandardInput.WriteAsync('\u0003');
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Reads to the end.</summary>
    /// <returns>What was shown from the start.</returns>
    public async Task<string> EndAsync()
    {
        _seen.Append(await _process.StandardOutput.ReadToEndAsync().WaitAsync(s_limit));
        return Seen;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
