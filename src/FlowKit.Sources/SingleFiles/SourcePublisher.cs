using FlowKit.Configuration.Diagnostics;
using FlowKit.Sources.Projects;

namespace FlowKit.Sources.SingleFiles;

/// <summary>Compiles one C# file to a folder with all that it needs, so that whoever runs it needs neither its source nor an SDK.</summary>
internal static class SourcePublisher
{
    /// <summary>Compiles.</summary>
    /// <param name="path">The file.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="cancellationToken">Gives the build up, where the file's directives need one.</param>
    /// <returns>The assembly's name in the folder.</returns>
    /// <exception cref="FlowConfigException">It does not compile.</exception>
    /// <exception cref="FlowKitException">Its directives need an SDK, and there is none.</exception>
    public static string Publish(string path, string folder, CancellationToken cancellationToken)
    {
        var full = Path.GetFullPath(path);
        var text = File.ReadAllText(full);
        var name = Path.GetFileNameWithoutExtension(full);
        if (FileDirectives.Read(text, full) is not { } directives)
        {
            SourceCompiler.Compile(text, full, folder);
            return $"{name}.dll";
        }

        var project = Directory.CreateTempSubdirectory("flowkit-source-").FullName;
        try
        {
            var file = Path.Combine(project, $"{name}.csproj");
            GeneratedProject.OfFile(full, directives).Save(file);
            return Path.GetFileName(DotnetSdk.Default.Build(file, folder, cancellationToken).AssemblyOf(file));
        }
        finally
        {
            UnfinishedFolder.Remove(project);
        }
    }
}
