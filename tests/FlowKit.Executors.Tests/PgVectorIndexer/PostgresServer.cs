using FlowKit.Tests;

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

        if (ServerScript.Find("postgres.sh") is not { } script)
        {
            return (null, "Only Linux with the sources starts a PostgreSQL for tests; FLOWKIT_TEST_POSTGRES may name one.");
        }

        var (_, connection, missing) = script.Start("flowkit-pg");
        return (connection, missing);
    }
}
