using Npgsql;
using NpgsqlTypes;

namespace FlowKit.Executors.Sql;

/// <summary>Statements whose text holds only the options' checked names; what users send are parameters.</summary>
internal static class PgCommands
{
    /// <summary>Makes a statement.</summary>
    public static NpgsqlCommand CommandOf(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string sql, IEnumerable<NpgsqlParameter> parameters)
    {
#pragma warning disable CA2100
        var command = new NpgsqlCommand(sql, connection, transaction);
#pragma warning restore CA2100
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter.Clone());
        }

        return command;
    }

    /// <summary>Makes a parameter that is a list of texts.</summary>
    public static NpgsqlParameter Texts(string?[] values) =>
        new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    /// <summary>Runs statements that answer nothing.</summary>
    public static async Task<int> ExecuteAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        string sql,
        CancellationToken cancellationToken,
        params NpgsqlParameter[] parameters)
    {
        await using var command = CommandOf(connection, transaction, sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
