using Npgsql;
using Polly;
using Polly.Retry;

namespace FlowKit.Executors.Sql;

/// <summary>
/// A pool of connections. What breaks on the way is tried again with growing pauses; every failure becomes an error that names the server,
/// and never the password.
/// </summary>
internal sealed class PgDatabase : IAsyncDisposable
{
    private const int MaxRetries = 3;
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(200);

    private readonly NpgsqlDataSource _source;
    private readonly ResiliencePipeline _retries;
    private readonly string _name;

    private PgDatabase(NpgsqlDataSource source, string name, TimeProvider time)
    {
        (_source, _name) = (source, name);
        _retries = new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<NpgsqlException>(exception => exception.IsTransient),
            MaxRetryAttempts = MaxRetries,
            BackoffType = DelayBackoffType.Exponential,
            Delay = s_firstPause,
            UseJitter = true,
        }).Build();
    }

    /// <summary>Makes the pool; nothing is connected yet.</summary>
    /// <exception cref="FlowKitException">The connection string cannot be read.</exception>
    public static PgDatabase Open(string connectionString, PgVectorIndexerOptions options, TimeProvider time)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            settings.Options = $"{settings.Options} -c statement_timeout={options.StatementTimeout}s".Trim();
            settings.CommandTimeout = options.StatementTimeout + 5;
            var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
            builder.UseVector();
            return new PgDatabase(builder.Build(), $"'{settings.Database ?? settings.Username}' on {settings.Host}:{settings.Port}", time);
        }
        catch (ArgumentException)
        {
            // The message of the exception would show parts of the string, perhaps the password.
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                "connection_string: it cannot be read; write it as Host=db;Port=5432;Username=me;Password=...;Database=photos.");
        }
    }

    /// <summary>Does something with a connection, again when the connection breaks: it must do no harm twice.</summary>
    /// <exception cref="FlowKitException">It failed.</exception>
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        try
        {
            return await _retries.ExecuteAsync(
                async cancelled =>
                {
                    await using var connection = await _source.OpenConnectionAsync(cancelled);
                    return await action(connection, cancelled);
                },
                cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw PgFailure.Of(_name, exception);
        }
    }

    /// <summary>Makes every connection know the types of an extension that was not there when it was opened.</summary>
    public Task ReloadTypesAsync(CancellationToken cancellationToken) => _source.ReloadTypesAsync(cancellationToken);

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
