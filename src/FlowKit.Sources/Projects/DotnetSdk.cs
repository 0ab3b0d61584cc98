using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using FlowKit.Configuration.Gateway;

namespace FlowKit.Sources.Projects;

/// <summary>The .NET SDK's command, which builds projects.</summary>
/// <param name="command">The program <c>dotnet</c>.</param>
internal sealed class DotnetSdk(string command)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);

    private static readonly string s_framework = $"net{Environment.Version.Major}.0";

    /// <summary>Tells what a build under another build's roof would read from it.</summary>
    private static readonly string[] s_foreign =
        [
            "MSBuildSDKsPath", "MSBuildExtensionsPath", "MSBUILD_EXE_PATH", "MSBuildLoadMicrosoftTargetsReadOnly", "DOTNET_HOST_PATH",
            "MSBUILDNOINPROCNODE",
        ];

    /// <summary>The SDK of the program that runs, or the one on the path.</summary>
    public static DotnetSdk Default { get; } = new(Find());

    /// <summary>Builds a project in Release; of one for several frameworks, the build for this one's.</summary>
    /// <param name="project">The project's file.</param>
    /// <param name="publishTo">A folder for all that it needs to run; <see langword="null"/> to leave it where it is built.</param>
    /// <param name="cancellationToken">Ends the build.</param>
    /// <exception cref="FlowKitException">There is no SDK, or the build does not end.</exception>
    public BuildResult Build(string project, string? publishTo = null, CancellationToken cancellationToken = default)
    {
        string[] target = publishTo is null ? ["-t:Build"] : ["-t:Publish", $"-p:PublishDir={publishTo}{Path.DirectorySeparatorChar}"];
        return IsForSeveral(project)
            ? Run(project, [.. target, $"-p:TargetFramework={s_framework}"], cancellationToken) with { IsOfOneFramework = true }
            : Run(project, target, cancellationToken);
    }

    /// <summary>Tells whether the project names this framework among others, which need not build here.</summary>
    private static bool IsForSeveral(string project)
    {
        try
        {
            return XDocument.Load(project).Descendants().Where(property => property.Name.LocalName == "TargetFrameworks")
                .SelectMany(property => property.Value.Split(';', StringSplitOptions.TrimEntries)).Contains(s_framework);
        }
        catch (XmlException)
        {
            // The build tells what is wrong with it.
            return false;
        }
    }

    private BuildResult Run(string project, string[] target, CancellationToken cancellationToken)
    {
        // No server stays behind, and nothing is asked of the network that is on this machine.
        var start = new ProcessStartInfo(command,
        [
            "build", project, "-c", "Release", "-nologo", "-v", "quiet", "-clp:NoSummary", "-nodeReuse:false",
            "-p:UseSharedCompilation=false", "-p:NuGetAudit=false", $"-p:FlowKitHome={AppContext.BaseDirectory}",
            $"-p:CustomAfterMicrosoftCommonTargets={ProgramReferences.Write(CacheFolder.Default)}",
            .. target, "-getProperty:TargetPath", "-getProperty:TargetFrameworks",
        ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(project)!,
        };
        SecretVariables.RemoveFrom(start.Environment);
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_SKIP_WORKLOAD_INTEGRITY_CHECK"] = "1";
        foreach (var name in s_foreign)
        {
            start.Environment.Remove(name);
        }

        return Run(start, cancellationToken);
    }

    private BuildResult Run(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (output, errors) = (new StringBuilder(), new StringBuilder());
        using var process = Start(start);
        process.StandardInput.Close();
        process.OutputDataReceived += (_, line) => output.AppendLine(line.Data);
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var ending = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
        if (!process.WaitForExit(s_limit))
        {
            process.Kill(entireProcessTree: true);
            throw new FlowKitException(FlowErrorCode.DeadlineExceeded, $"'{command} build {start.ArgumentList[1]}' did not end within "
                + $"{s_limit.TotalMinutes:0} minutes; run it by hand to see why.");
        }

        process.WaitForExit();
        cancellationToken.ThrowIfCancellationRequested();
        var text = $"{output}{errors}";
        return text.Contains("No .NET SDKs were found", StringComparison.Ordinal)
            || text.Contains("A compatible .NET SDK was not found", StringComparison.Ordinal)
            ? throw Missing(text.Contains("global.json", StringComparison.Ordinal) ? "the one that global.json asks for" : "it", null)
            : new BuildResult(process.ExitCode, output.ToString(), errors.ToString());
    }

    private Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw Missing("it", exception);
        }
    }

    private FlowKitException Missing(string which, Exception? cause) => new(
        FlowErrorCode.FailedPrecondition,
        $"the .NET {Environment.Version.Major} SDK is needed to build it, and '{command}' does not have {which}; install the SDK, or "
            + $"build elsewhere and write 'uses: path/to/the.dll'.",
        cause);

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host)
        {
            return host;
        }

        var own = Environment.ProcessPath;
        return own is not null && Path.GetFileNameWithoutExtension(own) == "dotnet" ? own : "dotnet";
    }
}
