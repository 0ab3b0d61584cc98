using System.Diagnostics;
using FlowKit.Configuration.Gateway;
using FlowKit.Orchestration.Launching.Containers;

namespace FlowKit.Orchestration.Images;

/// <summary>Makes an executor's image with the engine of this machine.</summary>
public static class ImageBuild
{
    /// <summary>FlowKit's own image, which others are built on.</summary>
    public static string OwnImage => ContainerImage.Own;

    /// <summary>Builds; what the engine says goes where this process writes.</summary>
    /// <param name="executor">
    /// An executor's name, a C# file, a project, or an executor's folder, whose own Dockerfile is taken when it has one.
    /// </param>
    /// <param name="tag">The image's name.</param>
    /// <param name="image">FlowKit's image.</param>
    /// <param name="tell">Gets a line for each file that is left out because it belongs in no image, before the engine builds.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FlowKitException">There is no engine or nothing to build, or the build failed.</exception>
    public static Task RunAsync(
        string executor, string tag, string image, Action<string> tell, CancellationToken cancellationToken) =>
        RunAsync(executor, tag, image, tell, static preparing => preparing(), cancellationToken);

    /// <inheritdoc cref="RunAsync(string, string, string, Action{string}, CancellationToken)"/>
    /// <param name="executor">
    /// An executor's name, a C# file, a project, or an executor's folder, whose own Dockerfile is taken when it has one.
    /// </param>
    /// <param name="tag">The image's name.</param>
    /// <param name="image">FlowKit's image.</param>
    /// <param name="tell">Gets a line for each file that is left out because it belongs in no image, before the engine builds.</param>
    /// <param name="prepare">Runs what comes before the engine, the compilation of the executor's code, and may show that it lasts.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async Task RunAsync(
        string executor,
        string tag,
        string image,
        Action<string> tell,
        Func<Func<Task>, Task> prepare,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tell);
        var engine = await Engine.FindAsync(cancellationToken);
        if (!ImageContext.HasDockerfile(executor) && (await engine.RunAsync(["image", "inspect", image], cancellationToken)).ExitCode != 0)
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"FlowKit's own image '{image}' is not on this machine; make it with '{engine.Command} build -t {image} .' "
                    + "in FlowKit's folder, or name another with --image");
        }

        var folder = Directory.CreateTempSubdirectory("flowkit-build-").FullName;
        try
        {
            IReadOnlyList<string> leftOut = [];
            await prepare(() => Task.Run(
                () => leftOut = ImageContext.Write(executor, folder, image, cancellationToken), cancellationToken));
            foreach (var line in leftOut)
            {
                tell(line);
            }

            await BuildAsync(engine, folder, tag, image, cancellationToken);
        }
        finally
        {
            UnfinishedFolder.Remove(folder);
        }
    }

    private static async Task BuildAsync(Engine engine, string folder, string tag, string image, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(engine.Command, ["build", "--build-arg", $"FLOWKIT_IMAGE={image}", "--tag", tag, folder]);
        SecretVariables.RemoveFrom(start.Environment);
        using var build = Process.Start(start)!;
        try
        {
            await build.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            build.Kill(entireProcessTree: true);
            throw;
        }

        if (build.ExitCode != 0)
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"'{engine.Command} build' ended with exit code {build.ExitCode}; what is wrong stands above");
        }
    }
}
