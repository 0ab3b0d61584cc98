using System.Diagnostics;

namespace FlowKit.Executors.Tests.Postgres;

/// <summary>
/// A PostgreSQL with pgvector for these tests: the one of FLOWKIT_TEST_POSTGRES, or else one that is started once for all of them.
/// </summary>
internal static class PostgresServer
{
    private static readonly Lazy<(string? Connection, string? Missing)> s_started = new(Start);

    public static string Connection => s_started.Value.Connection!;

    /// <summary>Why there is none here; null when there is.</summary>
    public static string? WhyMissing => s_started.Value.Missing;

    /// <summary>Options of a table that no other test has.</summary>
    public static PgVectorIndexerOptions Options(string name) =>
        new() { ConnectionString = Connection, Table = $"{name}_{Guid.NewGuid().ToString("N")[..8]}" };

    private static (string? Connection, string? Missing) Start()
    {
        if (Environment.GetEnvironmentVariable("FLOWKIT_TEST_POSTGRES") is { Length: > 0 } given)
        {
            return (given, null);
        }

        if (!OperatingSystem.IsLinux() || Script() is not { } script)
        {
            return (null, "Only Linux with the sources starts a PostgreSQL for tests; FLOWKIT_TEST_POSTGRES may name one.");
        }

        var folder = Directory.CreateTempSubdirectory("flowkit-pg").FullName;
        var (code, output, error) = Run(script, "start", folder);
        if (code != 0)
        {
            Directory.Delete(folder, recursive: true);
            return (null, error.Trim());
        }

        AppDomain.CurrentDomain.ProcessExit += (_, _) => Run(script, "stop", folder);
        return (output.Trim(), null);
    }

    private static string? Script()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "FlowKit.sln")))
            {
                return Path.Combine(folder, "eng", "postgres.sh");
            }
        }

        return null;
    }

    private static (int Code, string Output, string Error) Run(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("bash", [script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        process.WaitForExit();

        // The server that was started keeps none of these open: its output goes to its log.
        return (process.ExitCode, output.Wait(5000) ? output.Result : "", error.Wait(5000) ? error.Result : "");
    }
}
