using System.Diagnostics;
using FlowKit.Specs.Running;
using FlowKit.TestKit;
using FlowKit.Tests;

namespace FlowKit.Specs;

/// <summary>The probe of the images: a shell that asks whether a flow serves, without a start of .NET.</summary>
public sealed class ProbeSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [UnixFact]
    public async Task It_tells_a_gateway_and_a_worker_that_serve_from_those_that_do_not()
    {
        var file = _folder.File("Far.cs", "public sealed class Far : Executor\n{\n    [Requests(\"/run\")]\n    public static void Run()\n    {\n    }\n}\n");
        await using var worker = await RunningFlow.StartExecutorAsync(Path.Combine(_folder.Path, "worker"), "--uses", file, "--port", "0");
        var grpc = $"grpc://127.0.0.1:{new Uri(worker.Address).Port}";
        var flow = _folder.File("flow.yml", $"jtype: Flow\nexecutors:\n  - {{name: far, external: true, host: 127.0.0.1, port: {new Uri(worker.Address).Port}}}\n");
        await using var gateway = await RunningFlow.StartAsync(flow, Path.Combine(_folder.Path, "workspace"));
        var http = gateway.Address.TrimEnd('/');

        Assert.Equal(0, await ProbeAsync(http));
        Assert.Equal(0, await ProbeAsync(grpc));
        Assert.Equal(0, await ProbeAsync(http.Replace("http", "grpc", StringComparison.Ordinal)));
        Assert.Equal(0, await ProbeAsync("http://127.0.0.1:1", grpc));
        Assert.Equal(1, await ProbeAsync("http://127.0.0.1:1", "grpc://127.0.0.1:1"));
        Assert.Equal(1, await ProbeAsync("ftp://127.0.0.1:1"));

        await worker.KillAsync();
        await TestTimeout.UntilAsync(async () => await ProbeAsync(http) != 0, "the probe to miss the worker");

        Assert.Equal(1, await ProbeAsync(grpc));
        Assert.Equal(1, await ProbeAsync(http.Replace("http", "grpc", StringComparison.Ordinal)));
    }

    private static async Task<int> ProbeAsync(params string[] addresses)
    {
        using var probe = Process.Start(new ProcessStartInfo(Repository.At("eng", "container", "probe.sh"), addresses))!;
        await probe.WaitForExitAsync();
        return probe.ExitCode;
    }
}
