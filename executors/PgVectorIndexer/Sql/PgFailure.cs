using Npgsql;

namespace FlowKit.Executors.Sql;

/// <summary>PostgreSQL's errors as FlowKit's (https://www.postgresql.org/docs/current/errcodes-appendix.html).</summary>
internal static class PgFailure
{
    /// <param name="name">The database and its server.</param>
    /// <param name="exception">The error.</param>
    public static FlowKitException Of(string name, NpgsqlException exception)
    {
        var (code, hint) = exception is PostgresException error ? Explain(error) : (FlowErrorCode.Unavailable, "");
        return new FlowKitException(code, $"The database {name}: {Message(exception)}{hint}", exception);
    }

    private static string Message(NpgsqlException exception) =>
        exception is PostgresException error ? $"{error.MessageText} ({error.SqlState})" : exception.Message;

    private static (FlowErrorCode Code, string Hint) Explain(PostgresException error) => error.SqlState switch
    {
        PostgresErrorCodes.QueryCanceled => (FlowErrorCode.DeadlineExceeded, "; statement_timeout says how long it may take"),
        PostgresErrorCodes.DiskFull or PostgresErrorCodes.OutOfMemory => (FlowErrorCode.ResourceExhausted, ""),
        PostgresErrorCodes.TooManyConnections => (FlowErrorCode.Unavailable, ""),
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => (FlowErrorCode.PermissionDenied, ""),
        PostgresErrorCodes.InsufficientPrivilege => (FlowErrorCode.PermissionDenied, "; grant it, or let its owner make the table once"),
        "0A000" or "58P01" when error.MessageText.Contains("vector", StringComparison.Ordinal) =>
            (FlowErrorCode.FailedPrecondition, "; install pgvector on the server"),
        { } state when state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("57P", StringComparison.Ordinal) =>
            (FlowErrorCode.Unavailable, ""),
        _ => (FlowErrorCode.FailedPrecondition, ""),
    };
}
