using System.Diagnostics;

namespace FlowKit.Specs.Running;

/// <summary>Runs what a page shows for a shell, against the flow that the page has started.</summary>
internal static class ShellBlock
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    /// <summary>Runs lines until one fails; pages write the flow's address as localhost:8080.</summary>
    public static async Task RunAsync(string lines, Uri address)
    {
        var program = $"dotnet '{Path.Combine(AppContext.BaseDirectory, "flowkit.dll")}'";
        var script = lines.Replace("./flowkit", program, StringComparison.Ordinal)
            .Replace("http://localhost:8080", address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)
            .Replace("localhost:8080", address.Authority, StringComparison.Ordinal)
            .Replace("curl ", "curl --fail-with-body ", StringComparison.Ordinal);
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Repository.Root };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(s_limit);
        Assert.True(process.ExitCode == 0, $"{lines}\nended with {process.ExitCode}:\n{await output}\n{await errors}");
    }
}
