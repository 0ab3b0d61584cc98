using Microsoft.Data.Sqlite;

namespace FlowKit.Executors;

/// <summary>SQLite's result codes as FlowKit's errors (https://sqlite.org/rescode.html).</summary>
internal static class SqliteFailure
{
    private const int IoError = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int NotADatabase = 26;

    /// <param name="path">The database file.</param>
    /// <param name="what">The operation that failed, as a participle: opened, read, written.</param>
    /// <param name="exception">The error of SQLite.</param>
    public static FlowKitException Of(string path, string what, SqliteException exception)
    {
        var code = exception.SqliteErrorCode switch
        {
            Corrupt or NotADatabase => FlowErrorCode.DataLoss,
            Full or IoError => FlowErrorCode.Unavailable,
            _ => FlowErrorCode.FailedPrecondition,
        };
        var damaged = code == FlowErrorCode.DataLoss ? "is damaged and " : "";
        return new FlowKitException(code, $"The index '{path}' {damaged}cannot be {what}: {exception.Message}", exception);
    }
}
