using Aspire.Hosting.Running;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Flows;

public sealed class ExecutorHealthCheckTests
{
    [Fact]
    public async Task An_executor_without_an_address_or_an_answer_is_not_healthy()
    {
        var host = Models.NewHost(Path.GetTempPath());
        var endpoint = host.AddExecutable("upper", "upper", ".").WithHttpEndpoint(name: "grpc").GetEndpoint("grpc");
        using var check = new ExecutorHealthCheck(endpoint);

        Assert.Equal("it has no address yet", (await CheckAsync(check)).Description);

        // A port on which nobody listens.
        Models.Allocate(endpoint, 1);
        var answer = await CheckAsync(check);
        Assert.Equal(HealthStatus.Unhealthy, answer.Status);
        Assert.NotEmpty(answer.Description!);
    }

    private static Task<HealthCheckResult> CheckAsync(ExecutorHealthCheck check) => check.CheckHealthAsync(
        new HealthCheckContext { Registration = new HealthCheckRegistration("upper", check, HealthStatus.Unhealthy, null) });
}
