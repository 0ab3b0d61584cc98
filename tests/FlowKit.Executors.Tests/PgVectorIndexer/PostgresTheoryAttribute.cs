namespace FlowKit.Executors.Tests.Postgres;

/// <summary>A theory that needs a PostgreSQL with pgvector.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = PostgresServer.WhyMissing;
}
