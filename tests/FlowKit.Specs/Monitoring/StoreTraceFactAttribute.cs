using FlowKit.Executors.Tests.Postgres;

namespace FlowKit.Specs.Monitoring;

/// <summary>A fact that needs Aspire's dashboard and a PostgreSQL with pgvector.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class StoreTraceFactAttribute : FactAttribute
{
    public StoreTraceFactAttribute() => Skip = AspireDashboard.Program is null
        ? "Aspire's dashboard is restored on Linux on x64 alone."
        : PostgresServer.WhyMissing;
}
