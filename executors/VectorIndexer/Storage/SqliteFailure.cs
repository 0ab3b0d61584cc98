using Microsoft.Data.Sqlite;

namespace FlowKit.Executors.Storage;

/// <summary>SQLite's result codes as FlowKit's errors (https://sqlite.org/rescode.html).</summary>
internal static class SqliteFailure
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int IoError = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    /// <param name="path">The database file.</param>
    /// <param name="what">The operation that failed, as a participle: opened, read, written.</param>
    /// <param name="exception">The error of SQLite.</param>
    public static FlowKitException Of(string path, string what, SqliteException exception)
    {
        var (code, reason) = Explain(path, exception);
        var damaged = code == FlowErrorCode.DataLoss ? "is damaged and " : "";
        return new FlowKitException(code, $"The index '{path}' {damaged}cannot be {what}: {reason}", exception);
    }

    /// <summary>Tells whether a failure comes of a disk that cannot be written now, and that may still be read.</summary>
    public static bool IsOfWriting(FlowKitException exception) =>
        exception.InnerException is SqliteException { SqliteErrorCode: ReadOnly or IoError or Full or CannotOpen };

    private static (FlowErrorCode Code, string Reason) Explain(string path, SqliteException exception) => exception.SqliteErrorCode switch
    {
        Corrupt or NotADatabase => (FlowErrorCode.DataLoss, exception.Message),
        Full => (FlowErrorCode.ResourceExhausted, "the disk is full; it is searched still, and written again when there is room"),
        ReadOnly => (FlowErrorCode.FailedPrecondition, "it is read-only; it is searched still, and written again when that is allowed"),
        Busy or Locked => (FlowErrorCode.Unavailable, exception.Message),
        IoError => ExplainIo(path, exception),
        _ => (FlowErrorCode.FailedPrecondition, exception.Message),
    };

    /// <summary>SQLite does not say why the disk failed: a few bytes beside the index do.</summary>
    private static (FlowErrorCode Code, string Reason) ExplainIo(string path, SqliteException exception)
    {
        try
        {
            DiskProbe.Write(Path.GetDirectoryName(path)!);
            return (FlowErrorCode.Unavailable, $"the disk fails: {exception.Message}");
        }
        catch (FlowKitException known)
        {
            return (known.Error.Code, known.Message);
        }
    }
}
