using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace FlowKit.Executors.Storage;

/// <summary>A connection to an index's file; every failure becomes an error that names the file. Not safe for concurrent use.</summary>
internal sealed class SqliteFile : IDisposable
{
    private readonly SqliteConnection _connection;

    static SqliteFile() => SQLitePCL.Batteries_V2.Init();

    /// <exception cref="FlowKitException">The file cannot be opened.</exception>
    public SqliteFile(string path, SqliteAccess access)
    {
        Path = path;
        _connection = new SqliteConnection(SourceOf(path, access).ToString());
        try
        {
            if (access == SqliteAccess.ReadWrite)
            {
                PrivateFile.Ensure(path);
            }

            Guard("opened", () =>
            {
                _connection.Open();
                return Execute("PRAGMA busy_timeout = 5000");
            });
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    public string Path { get; }

    /// <summary>Does something with the file.</summary>
    /// <param name="what">The operation, as a participle for the error message: opened, read, written.</param>
    /// <param name="action">The work.</param>
    public T Guard<T>(string what, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (SqliteException exception)
        {
            throw SqliteFailure.Of(Path, what, exception);
        }
    }

    /// <summary>A transaction that takes what it needs when it needs it: one that only reads keeps nobody waiting.</summary>
    public SqliteTransaction BeginReading() => _connection.BeginTransaction(deferred: true);

    /// <summary>A transaction that writes.</summary>
    public SqliteTransaction BeginWriting() => _connection.BeginTransaction();

    /// <summary>A statement in the transaction that is open. It is a constant of the caller's; what users send are parameters.</summary>
    public SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }

    /// <summary>Runs a statement.</summary>
    /// <returns>The number of rows it changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>Gives SQL <c>row_checksum(row, id, document, embedding)</c> and <c>checksum_sum</c>, which wraps around.</summary>
    public void AddChecksumFunction()
    {
        _connection.CreateFunction(
            "row_checksum",
            (long row, string id, byte[] document, byte[] embedding) =>
                RowChecksum.Of((int)row, id, document, MemoryMarshal.Cast<byte, float>(embedding)).Packed,
            isDeterministic: true);
        _connection.CreateAggregate("checksum_sum", 0L, (long sum, long checksum) => unchecked(sum + checksum));
    }

    /// <summary>Gives SQL a function of a blob whose result is a text.</summary>
    public void AddFunction(string name, Func<byte[], string> function) =>
        _connection.CreateFunction(name, function, isDeterministic: true);

    public void Dispose() => _connection.Dispose();

    /// <summary>
    /// Without a log beside it a file that nobody writes is all there is, and SQLite need not make its own files to read it
    /// (https://sqlite.org/uri.html, immutable). With a log those files must be there already.
    /// </summary>
    private static SqliteConnectionStringBuilder SourceOf(string path, SqliteAccess access)
    {
        if (access == SqliteAccess.ReadWrite)
        {
            return new SqliteConnectionStringBuilder { DataSource = path, Pooling = false };
        }

        var hasLog = new FileInfo(path + "-wal") is { Exists: true, Length: > 0 };
        return new SqliteConnectionStringBuilder
        {
            DataSource = hasLog ? path : $"file://{Escape(path)}?immutable=1",
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        };
    }

    private static string Escape(string path)
    {
        var escaped = string.Join('/', path.Split(System.IO.Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));
        return escaped.StartsWith('/') ? escaped : '/' + escaped;
    }
}
