using FlowKit.TestKit;

namespace FlowKit.Orchestration.Launching.Processes;

/// <summary>The program that executors in processes run in, as it lies beside the program that hosts a flow.</summary>
public sealed class WorkerCommandTests : IDisposable
{
    private const string FrameworkDependent = """{ "runtimeOptions": { "frameworks": [] } }""";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Folder => _folder.Path + Path.DirectorySeparatorChar;

    private string At(string name) => Path.Combine(_folder.Path, name);

    [Fact]
    public void FlowKits_own_program_starts_with_its_own_list_of_assemblies()
    {
        _folder.Write("flowkit.dll", "");
        _folder.Write("flowkit.runtimeconfig.json", FrameworkDependent);

        var start = WorkerCommand.StartInfo(Folder, ["executor"]);

        Assert.Equal([At("flowkit.dll"), "executor"], start.ArgumentList);
        Assert.True(Path.IsPathRooted(start.FileName) && File.Exists(start.FileName), start.FileName);
    }

    [Fact]
    public void The_packages_program_starts_with_the_hosts_list_of_assemblies()
    {
        _folder.Write("flowkit.dll", "");
        _folder.Write("Host.deps.json", "{}");
        _folder.Write("Host.runtimeconfig.json", FrameworkDependent);

        var start = WorkerCommand.StartInfo(Folder, ["executor"]);

        Assert.Equal(
            ["exec", "--depsfile", At("Host.deps.json"), "--runtimeconfig", At("Host.runtimeconfig.json"), At("flowkit.dll"), "executor"],
            start.ArgumentList);
    }

    [Fact]
    public void A_program_without_it_is_told_which_package_brings_it() =>
        Assert.Contains("reference the package FlowKit, which brings it", Refuse(), StringComparison.Ordinal);

    [Theory]
    [InlineData(null)]
    [InlineData("""{ "runtimeOptions": { "includedFrameworks": [] } }""")]
    public void A_program_with_a_runtime_of_its_own_is_told_how_to_publish(string? runtimeConfig)
    {
        _folder.Write("flowkit.dll", "");
        _folder.Write("Host.deps.json", "{}");
        if (runtimeConfig is not null)
        {
            _folder.Write("Host.runtimeconfig.json", runtimeConfig);
        }

        Assert.Contains("publish it with '--self-contained false', or leave 'runtime' out", Refuse(), StringComparison.Ordinal);
    }

    private string Refuse() => Assert.Throws<FlowKitException>(() => WorkerCommand.StartInfo(Folder, ["executor"])).Message;
}
