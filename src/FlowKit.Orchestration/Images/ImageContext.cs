using FlowKit.Sources.Projects;

namespace FlowKit.Orchestration.Images;

/// <summary>
/// Fills the folder that the engine builds an image from. A project is published into it, so that the image needs no SDK.
/// </summary>
internal static class ImageContext
{
    /// <summary>The folder in which a Dockerfile beside a project finds the published project.</summary>
    private const string Published = "out";

    /// <summary>Writes the Dockerfile, unless the executor has its own, and what goes into the image.</summary>
    /// <param name="executor">An executor's name, a C# file, a project, or an executor's folder.</param>
    /// <param name="folder">An empty folder.</param>
    /// <param name="image">FlowKit's image.</param>
    /// <param name="cancellationToken">Gives a project's build up.</param>
    /// <exception cref="FlowKit.Configuration.Diagnostics.FlowConfigException">The project does not build.</exception>
    /// <exception cref="FlowKitException">There is nothing to make an image of, or the folder cannot be written.</exception>
    public static void Write(string executor, string folder, string image, CancellationToken cancellationToken)
    {
        try
        {
            Fill(executor, folder, image, cancellationToken);
        }
        catch (IOException exception) when (FileFailure.IsNoRoom(exception))
        {
            throw FileFailure.OfWriting($"'{folder}', which the image is built from (TMPDIR names another place),", exception);
        }
    }

    /// <summary>Tells whether the executor has a Dockerfile of its own.</summary>
    public static bool HasDockerfile(string executor) => File.Exists(Path.Combine(executor, "Dockerfile"));

    private static void Fill(string executor, string folder, string image, CancellationToken cancellationToken)
    {
        var project = ImageRecipe.ProjectOf(executor);
        if (HasDockerfile(executor))
        {
            ImageRecipe.Copy(Path.GetFullPath(executor), folder);
            if (project is not null)
            {
                var published = Path.Combine(folder, Published);
                Remove(published);
                Publish(project, published, cancellationToken);
            }
        }
        else if (project is not null)
        {
            var published = Directory.CreateTempSubdirectory("flowkit-publish-").FullName;
            try
            {
                ImageRecipe.OfPublished(Publish(project, published, cancellationToken), published).Write(folder, image);
            }
            finally
            {
                Remove(published);
            }
        }
        else
        {
            ImageRecipe.Of(executor).Write(folder, image);
        }
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <returns>The assembly's file.</returns>
    private static string Publish(string project, string folder, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(project);
        return Path.GetFileName(DotnetSdk.Default.Build(path, folder, cancellationToken).AssemblyOf(path));
    }
}
