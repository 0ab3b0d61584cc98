using FlowKit.Specs.Running;

namespace FlowKit.Specs;

/// <summary>The keys of a gateway are in no process that it starts, neither in the environment nor on the command line.</summary>
public sealed class SecretSpecs : IDisposable
{
    private const string Key = "marker-key-0123456789";
    private const string Own = "own-value-0123456789";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task No_worker_sees_the_gateways_keys_and_each_has_what_its_entry_gives_it()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var flow = _folder.File("flow.yml", $$"""
            jtype: Flow
            gateway: {api_keys_env: GATE_KEYS}
            executors: [{name: worker, uses: BaseExecutor, runtime: process, env: {GIVEN: "{{Own}}"} }]
            """);
        var start = FlowKitCommand.StartInfo("run", flow, "--port", "0", "--workspace", Path.Combine(_folder.Path, "work"));
        start.Environment["GATE_KEYS"] = Key;
        start.Environment["FLOWKIT_API_KEY"] = Key;
        await using var running = await RunningFlow.StartAsync(start);

        var workers = Directory.EnumerateDirectories("/proc")
            .Select(path => Path.GetFileName(path))
            .Where(process => int.TryParse(process, out var id) && id != running.Id && ProcessTable.Read(process, "environ").Contains(Own, StringComparison.Ordinal))
            .ToList();

        Assert.NotEmpty(workers);
        Assert.All(workers, worker =>
        {
            Assert.DoesNotContain(Key, ProcessTable.Read(worker, "environ"), StringComparison.Ordinal);
            Assert.DoesNotContain(Key, ProcessTable.Read(worker, "cmdline"), StringComparison.Ordinal);
            Assert.DoesNotContain(Own, ProcessTable.Read(worker, "cmdline"), StringComparison.Ordinal);
        });
    }
}
