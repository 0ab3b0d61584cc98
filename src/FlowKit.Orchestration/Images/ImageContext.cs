using FlowKit.Sources.Projects;
using FlowKit.Sources.SingleFiles;

namespace FlowKit.Orchestration.Images;

/// <summary>
/// Fills the folder that the engine builds an image from. A project is published into it, so that the image needs no SDK.
/// </summary>
internal static class ImageContext
{
    /// <summary>The folder in which a Dockerfile beside a project finds the published project.</summary>
    private const string PublishedName = "out";

    /// <summary>Writes the Dockerfile, unless the executor has its own, and what goes into the image.</summary>
    /// <param name="executor">An executor's name, a C# file, a project, or an executor's folder.</param>
    /// <param name="folder">An empty folder.</param>
    /// <param name="image">FlowKit's image.</param>
    /// <param name="cancellationToken">Gives a project's build up.</param>
    /// <returns>What was left out because it belongs in no image, each with the reason.</returns>
    /// <exception cref="FlowKit.Configuration.Diagnostics.FlowConfigException">The project does not build.</exception>
    /// <exception cref="FlowKitException">There is nothing to make an image of, or the folder cannot be written.</exception>
    public static IReadOnlyList<string> Write(string executor, string folder, string image, CancellationToken cancellationToken)
    {
        try
        {
            return Fill(executor, folder, image, cancellationToken);
        }
        catch (IOException exception) when (FileFailure.IsNoRoom(exception))
        {
            throw FileFailure.OfWriting($"'{folder}', which the image is built from (TMPDIR names another place),", exception);
        }
    }

    /// <summary>Tells whether the executor has a Dockerfile of its own.</summary>
    public static bool HasDockerfile(string executor) => File.Exists(Path.Combine(executor, "Dockerfile"));

    private static IReadOnlyList<string> Fill(string executor, string folder, string image, CancellationToken cancellationToken)
    {
        var project = ImageRecipe.ProjectOf(executor);
        if (!HasDockerfile(executor))
        {
            return project is null
                ? WriteSource(executor, folder, image, cancellationToken)
                : Published(project, (assembly, files) => ImageRecipe.OfPublished(assembly, files).Write(folder, image), cancellationToken);
        }

        var leftOut = ContextCopy.Copy(executor, folder);
        if (project is null)
        {
            return leftOut;
        }

        var published = Path.Combine(folder, PublishedName);
        UnfinishedFolder.Remove(published);
        if (new FileInfo(published).LinkTarget is not null)
        {
            File.Delete(published);
        }

        return [.. leftOut, .. Published(project, (_, files) => ContextCopy.Copy(files, published), cancellationToken)];
    }

    /// <summary>Compiles a C# file now, so that no container does when it starts; what lies beside it in its folder goes along.</summary>
    private static IReadOnlyList<string> WriteSource(string executor, string folder, string image, CancellationToken cancellationToken)
    {
        var recipe = ImageRecipe.Of(executor);
        if (recipe.Source is not { } source)
        {
            return recipe.Write(folder, image);
        }

        var compiled = Directory.CreateTempSubdirectory("flowkit-publish-").FullName;
        try
        {
            IReadOnlyList<string> leftOut = Directory.Exists(executor) ? ContextCopy.Copy(executor, compiled) : [];
            File.Delete(Path.Combine(compiled, Path.GetFileName(source)));
            var assembly = SourcePublisher.Publish(source, compiled, cancellationToken);
            return [.. leftOut, .. ImageRecipe.OfPublished(assembly, compiled).Write(folder, image)];
        }
        finally
        {
            UnfinishedFolder.Remove(compiled);
        }
    }

    /// <summary>Publishes to a folder beside the image's, so that what goes into it is looked at like any other.</summary>
    private static IReadOnlyList<string> Published(
        string project, Func<string, string, IReadOnlyList<string>> take, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("flowkit-publish-").FullName;
        try
        {
            return take(Publish(project, folder, cancellationToken), folder);
        }
        finally
        {
            UnfinishedFolder.Remove(folder);
        }
    }

    /// <returns>The assembly's file.</returns>
    private static string Publish(string project, string folder, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(project);
        return Path.GetFileName(DotnetSdk.Default.Build(path, folder, cancellationToken).AssemblyOf(path));
    }
}
