namespace FlowKit.Executors.Tests.Postgres;

/// <summary>A fact that needs a PostgreSQL with pgvector.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.WhyMissing;
}
