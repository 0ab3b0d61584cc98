using System.Text.Json;
using FlowKit.Specs.Running;

namespace FlowKit.Specs;

/// <summary><c>flowkit bench</c> against a flow of its own.</summary>
public sealed class BenchSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_flow_is_measured_and_what_it_refuses_is_counted()
    {
        var yaml = _folder.File("flow.yml", """
            jtype: Flow
            gateway: {strict: true}
            executors: [{name: upper, uses: ./Upper.cs}]
            """);
        _folder.File("Upper.cs", await File.ReadAllTextAsync(Repository.At("flows", "hello", "Upper.cs")));
        await using var flow = await RunningFlow.StartAsync(yaml, _folder.Path);

        using var json = JsonDocument.Parse((await BenchAsync(flow.Address, "/upper", "--output", "json")).Output);
        Assert.True(json.RootElement.GetProperty("requests").GetInt32() > 0, json.RootElement.ToString());
        Assert.Equal(0, json.RootElement.GetProperty("failures").GetInt32());
        var latency = json.RootElement.GetProperty("latency_ms");
        Assert.InRange(latency.GetProperty("p50").GetDouble(), 0, latency.GetProperty("max").GetDouble());

        var vectors = await BenchAsync(flow.Address, "/upper", "--floats", "512", "--request-size", "8");
        Assert.Equal(0, vectors.ExitCode);
        Assert.Contains("p99", vectors.Output, StringComparison.Ordinal);

        var refused = await BenchAsync(flow.Address, "/nothing");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("No executor of this flow answers '/nothing'", refused.Output, StringComparison.Ordinal);
    }

    private static Task<CommandResult> BenchAsync(string address, string endpoint, params string[] more) =>
        FlowKitCommand.RunAsync(["bench", address, "--on", endpoint, "--concurrency", "4", "--duration", "0.5", "--warm-up", "0.2", .. more]);
}
