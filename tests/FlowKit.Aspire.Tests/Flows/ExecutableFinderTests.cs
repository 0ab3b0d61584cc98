using FlowKit.Specs.Running;

namespace Aspire.Hosting.Flows;

public sealed class ExecutableFinderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_name_is_looked_for_on_the_path()
    {
        var name = OperatingSystem.IsWindows() ? "tool.exe" : "tool";
        _folder.File($"tools/{name}", "");
        var path = $"/no/such/folder{Path.PathSeparator}{Path.Combine(_folder.Path, "tools")}";

        ExecutableFinder.Require("flow", "tool", "/", path);
        var fault = Assert.Throws<DistributedApplicationException>(() => ExecutableFinder.Require("flow", "other", "/", path));

        Assert.Equal(
            "'flow' cannot be started: there is no 'other' on the PATH. Install it ('dotnet tool install --global FlowKit.Tool'), or name another program by WithCommand.",
            fault.Message);
        Assert.Throws<DistributedApplicationException>(() => ExecutableFinder.Require("flow", "tool", "/", null));
    }

    [Fact]
    public void A_path_starts_in_the_working_directory()
    {
        _folder.File("tools/tool.exe", "");

        ExecutableFinder.Require("flow", "./tools/tool.exe", _folder.Path, "");
        var fault = Assert.Throws<DistributedApplicationException>(() => ExecutableFinder.Require("flow", "./tool.exe", _folder.Path, ""));

        Assert.Equal($"'flow' cannot be started: there is no program {Path.Combine(_folder.Path, "tool.exe")} (WithCommand).", fault.Message);
    }
}
